#include "ui/panels/models_sheet.h"

#include "ui/icons.h"
#include "ui/model/paths.h"
#include "ui/model/words.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/menu_button.h"
#include "ui/widgets/plain_label.h"

#include <QAbstractItemDelegate>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QUrl>
#include <QVBoxLayout>

#include <array>

namespace likeness {

namespace {

constexpr int kEntryHeight = 44;
constexpr int kRowMargin = 12;
constexpr int kMostShownCopies = 3;
constexpr std::array kKinds = {
    ModelKind::model, ModelKind::ip_adapter, ModelKind::lora,          ModelKind::textual_inversion,
    ModelKind::vae,   ModelKind::taesd,      ModelKind::image_encoder, ModelKind::pickle,
    ModelKind::other};

// Two lines: the name and how large it is, then what it is, or why it cannot be used.
class ModelDelegate : public QAbstractItemDelegate {
public:
    using QAbstractItemDelegate::QAbstractItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const override {
        return {option.rect.width(), kEntryHeight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const Theme theme = currentTheme();
        const QRect row = option.rect;
        if (option.state & QStyle::State_Selected) {
            painter->fillRect(row, theme.soft);
        } else if (option.state & QStyle::State_MouseOver) {
            painter->fillRect(row, theme.hover);
        }
        if (option.state & QStyle::State_HasFocus) {
            painter->setPen(theme.accent);
            painter->drawRect(row.adjusted(0, 0, -1, -1));
        }
        QRect line = row.adjusted(kRowMargin, 4, -kRowMargin, 0);
        line.setHeight(20);
        const QString size = index.data(ModelLibrary::SizeRole).toString();
        painter->setFont(numberFont(11));
        painter->setPen(theme.text2);
        painter->drawText(line, Qt::AlignVCenter | Qt::AlignRight, size);
        const int taken = painter->fontMetrics().horizontalAdvance(size) + kRowMargin;
        paintElided(*painter, line.adjusted(0, 0, -taken, 0), textFont(12, QFont::Medium),
                    theme.text, cleaned(index.data(Qt::DisplayRole).toString()));
        line.translate(0, 18);
        const QString problem =
            cleaned(index.data(ModelLibrary::ProblemRole).toString()).simplified();
        if (!problem.isEmpty()) {
            paintIcon(*painter, QStringLiteral("warning"),
                      QRect(line.x(), line.y(), 16, line.height()), theme.warning);
            line.setLeft(line.x() + 22);
        }
        paintElided(*painter, line, textFont(11), theme.text2,
                    problem.isEmpty() ? index.data(ModelLibrary::DetailRole).toString() : problem);
    }

private:
    static void paintElided(QPainter& painter, const QRect& area, const QFont& font,
                            const QColor& colour, const QString& text) {
        painter.setFont(font);
        painter.setPen(colour);
        painter.drawText(area, Qt::AlignVCenter | Qt::AlignLeft,
                         painter.fontMetrics().elidedText(text, Qt::ElideRight, area.width()));
    }
};

// What is told of the chosen one, under a line.
class Foot : public QWidget {
protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter painter(this);
        painter.fillRect(QRect(0, 0, width(), 1), currentTheme().line);
    }
};

// A .ckpt is a model; what other pickles are is not known before they are converted.
bool isModel(const LibraryEntry& entry) {
    return entry.kind == ModelKind::model ||
           (entry.kind == ModelKind::pickle && entry.path.extension() == ".ckpt");
}

bool isUsable(const LibraryEntry& entry) {
    switch (entry.kind) {
    case ModelKind::image_encoder:
    case ModelKind::taesd:
    case ModelKind::other:
        return false;
    case ModelKind::pickle:
        return isModel(entry);
    default:
        return entry.problem.empty();
    }
}

QString useWords(const LibraryEntry& entry) {
    switch (entry.kind) {
    case ModelKind::image_encoder:
        return ModelsSheet::tr("Comes with its adapter");
    case ModelKind::taesd:
        return ModelsSheet::tr("Previews use it where it lies beside a model");
    case ModelKind::other:
        return ModelsSheet::tr("Nothing here can be used by itself");
    case ModelKind::pickle:
        if (!isModel(entry)) {
            return ModelsSheet::tr("An old pickle: likeness models convert makes a file of it that "
                                   "can be told");
        }
        [[fallthrough]];
    case ModelKind::model:
        return ModelsSheet::tr("Opens this model");
    default:
        return ModelsSheet::tr("Adds it to the open model");
    }
}

PlainLabel* makeLine(const QString& name, PlainLabel::Tone tone) {
    auto* label = new PlainLabel({}, tone, 12);
    label->setObjectName(name);
    label->setElided();
    label->setFixedHeight(20);
    return label;
}

} // namespace

ModelsSheet::ModelsSheet(ModelLibrary& library, QWidget* parent)
    : QWidget(parent, Qt::Window), library_(library), search_(new QLineEdit), kinds_(new ChoiceBox),
      folders_(new MenuButton), list_(new QListView),
      count_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      what_(makeLine(QStringLiteral("model_what"), PlainLabel::Tone::text)),
      goes_(makeLine(QStringLiteral("model_goes_with"), PlainLabel::Tone::text2)),
      where_(makeLine(QStringLiteral("model_where"), PlainLabel::Tone::text2)),
      use_(new TextButton(tr("Use"), TextButton::Kind::primary)),
      stop_(new TextButton(tr("Stop"), TextButton::Kind::link)) {
    setObjectName(QStringLiteral("models_sheet"));
    setWindowTitle(tr("Models"));
    resize(640, 640);
    list_->setObjectName(QStringLiteral("models_list"));
    list_->setAccessibleName(tr("Models"));
    list_->setModel(&library_);
    list_->setItemDelegate(new ModelDelegate(list_));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setMouseTracking(true);
    list_->setUniformItemSizes(true);
    list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setToolTip(tr("Enter or a double click uses it"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(list_, 1);
    column->addWidget(makeFoot());
    connect(list_, &QListView::activated, this, &ModelsSheet::use);
    connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ModelsSheet::showChosen);
    connect(&library_, &ModelLibrary::changed, this, &ModelsSheet::showLibrary);
    showLibrary();
}

QWidget* ModelsSheet::makeHead() {
    search_->setObjectName(QStringLiteral("models_search"));
    search_->setAccessibleName(tr("Search the models"));
    search_->setPlaceholderText(tr("Search name, family, word"));
    search_->setToolTip(tr("Words of a name, a family (sdxl), a licence or a trigger word. Each of "
                           "them must be there."));
    search_->setFixedHeight(metrics::kControl);
    search_->setMaxLength(200);
    search_->setClearButtonEnabled(false);
    kinds_->setObjectName(QStringLiteral("models_kind"));
    kinds_->setAccessibleName(tr("Kind"));
    kinds_->setToolTip(tr("Only one kind of file"));
    kinds_->setFixedWidth(152);
    kinds_->addItem(tr("All kinds"), -1);
    for (const ModelKind kind : kKinds) {
        kinds_->addItem(kindName(kind), static_cast<int>(kind));
    }
    folders_->setObjectName(QStringLiteral("models_folders"));
    folders_->setText(tr("Folders"));
    folders_->setToolTip(tr("Where models are looked for; nothing in these folders is changed"));
    auto* add = new TextButton(tr("Add folder"), TextButton::Kind::plain);
    add->setObjectName(QStringLiteral("models_add_folder"));
    add->setFixedHeight(metrics::kControl);
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(kRowMargin, kRowMargin, kRowMargin, metrics::kGap);
    row->setSpacing(metrics::kGap);
    row->addWidget(search_, 1);
    row->addWidget(kinds_);
    row->addWidget(folders_);
    row->addWidget(add);
    connect(search_, &QLineEdit::textChanged, this, &ModelsSheet::filter);
    connect(kinds_, &QComboBox::activated, this, &ModelsSheet::filter);
    connect(folders_, &MenuButton::clicked, this, &ModelsSheet::showFolders);
    connect(add, &QAbstractButton::clicked, this, &ModelsSheet::browse);
    return head;
}

QWidget* ModelsSheet::makeFoot() {
    use_->setObjectName(QStringLiteral("models_use"));
    use_->setFixedWidth(96);
    stop_->setObjectName(QStringLiteral("models_stop"));
    count_->setObjectName(QStringLiteral("models_count"));
    auto* words = new QVBoxLayout;
    words->setSpacing(2);
    for (PlainLabel* line : {what_, goes_, where_}) {
        words->addWidget(line);
    }
    auto* chosen = new QHBoxLayout;
    chosen->setSpacing(metrics::kGap);
    chosen->addLayout(words, 1);
    chosen->addWidget(use_, 0, Qt::AlignTop);
    auto* status = new QHBoxLayout;
    status->setSpacing(metrics::kGap);
    status->addWidget(count_);
    status->addWidget(stop_);
    status->addStretch(1);
    auto* foot = new Foot;
    auto* column = new QVBoxLayout(foot);
    column->setContentsMargins(kRowMargin, kRowMargin, kRowMargin, metrics::kGap);
    column->setSpacing(metrics::kGap);
    column->addLayout(chosen);
    column->addLayout(status);
    connect(use_, &QAbstractButton::clicked, this, &ModelsSheet::use);
    connect(stop_, &QAbstractButton::clicked, &library_, &ModelLibrary::stop);
    return foot;
}

void ModelsSheet::open() {
    show();
    raise();
    activateWindow();
    search_->setFocus(Qt::ShortcutFocusReason);
    search_->selectAll();
    library_.scanOnce();
}

void ModelsSheet::filter() {
    const int kind = kinds_->currentData().toInt();
    library_.setFilter(search_->text(),
                       kind < 0 ? std::nullopt : std::optional(static_cast<ModelKind>(kind)));
}

void ModelsSheet::showLibrary() {
    const int all = library_.foundCount(), shown = library_.rowCount();
    const QLocale locale;
    QString text = shown < all ? tr("%1 of %2").arg(locale.toString(shown), locale.toString(all))
                   : all == 1  ? tr("1 found")
                               : tr("%1 found").arg(locale.toString(all));
    if (const auto reading = library_.copiesProgress()) {
        text = tr("Looking for copies: %1 of %2 files read")
                   .arg(locale.toString(reading->first), locale.toString(reading->second));
    } else if (library_.isScanning()) {
        text = tr("Looking through the folders: %1").arg(text);
    } else if (!library_.wasScanned()) {
        text = tr("Not looked through yet");
    } else if (!library_.problems().isEmpty()) {
        text = tr("%1. %2").arg(text, library_.problems().join(' '));
    } else if (all == 0) {
        text = tr("Nothing found. Add the folder where your models are.");
    }
    count_->setPlainText(text);
    stop_->setVisible(library_.isScanning() || library_.copiesProgress().has_value());
    showChosen();
}

int ModelsSheet::chosenRow() const {
    const QModelIndex index = list_->currentIndex();
    return index.isValid() && index.row() < library_.rowCount() ? index.row() : -1;
}

void ModelsSheet::showChosen() {
    const int row = chosenRow();
    use_->setEnabled(false);
    if (row < 0) {
        what_->setPlainText(tr("Choose one to see what it goes with"));
        goes_->setPlainText({});
        where_->setPlainText({});
        return;
    }
    const LibraryEntry& entry = library_.entry(row);
    const QModelIndex index = library_.index(row);
    QString what = index.data(ModelLibrary::DetailRole).toString();
    if (!entry.licence.empty()) {
        what = tr("%1, licence %2").arg(what, cleaned(QString::fromStdString(entry.licence)));
    }
    what_->setPlainText(what);
    QStringList goes;
    for (const QString& words : {inWords(library_.pairing(row).words),
                                 index.data(ModelLibrary::ProblemRole).toString().simplified()}) {
        goes << (words.isEmpty() ? QStringList() : QStringList{words});
    }
    if (!entry.triggers.empty()) {
        QStringList triggers;
        for (const std::string& trigger : entry.triggers) {
            triggers << cleaned(QString::fromStdString(trigger));
        }
        goes << tr("with the words %1").arg(triggers.join(QStringLiteral(", ")));
    }
    if (const QStringList copies = library_.copiesOf(row); !copies.isEmpty()) {
        goes << tr("the same as %1").arg(copies.mid(0, kMostShownCopies).join(", "));
    }
    goes_->setPlainText(goes.join(QStringLiteral("; ")));
    goes_->setToolTip(cleaned(goes_->text()).toHtmlEscaped());
    where_->setPlainText(fromPath(entry.path));
    where_->setToolTip(cleaned(where_->text()).toHtmlEscaped());
    use_->setEnabled(isUsable(entry));
    use_->setToolTip(useWords(entry));
}

void ModelsSheet::use() {
    const int row = chosenRow();
    if (row >= 0 && use_->isEnabled()) {
        Q_EMIT useRequested(library_.entry(row), library_.pairing(row).encoder);
    }
}

void ModelsSheet::browse() {
    auto* dialog = openFileDialog(this, tr("Add a folder of models"), QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, &library_, &ModelLibrary::addFolder);
}

void ModelsSheet::showFolders() {
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("models_folders_menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Look through the folders again"), &library_, &ModelLibrary::scan);
    menu->addAction(tr("Look for copies (reads every file)"), &library_, &ModelLibrary::findCopies)
        ->setEnabled(library_.foundCount() > 0 && !library_.isScanning());
    const QStringList list = library_.folders();
    if (!list.isEmpty()) {
        menu->addSeparator();
    }
    for (const QString& folder : list) {
        const QString name = cleaned(folder).replace('&', QStringLiteral("&&"));
        QMenu* of =
            menu->addMenu(fontMetrics().elidedText(name, Qt::ElideMiddle, metrics::kLeftDock));
        of->addAction(tr("Show it"), this,
                      [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
        of->addAction(tr("Take it off the list"), this,
                      [this, folder] { library_.removeFolder(folder); });
    }
    menu->popup(folders_->mapToGlobal(QPoint(0, folders_->height())));
}

void ModelsSheet::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) {
        if (search_->text().isEmpty()) {
            close();
        } else {
            search_->clear();
        }
    } else if (event->key() == Qt::Key_Down && search_->hasFocus()) {
        list_->setFocus(Qt::TabFocusReason);
        if (!list_->currentIndex().isValid() && library_.rowCount() > 0) {
            list_->setCurrentIndex(library_.index(0));
        }
    } else {
        QWidget::keyPressEvent(event);
    }
}

} // namespace likeness
