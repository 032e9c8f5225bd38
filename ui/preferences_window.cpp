#include "ui/preferences_window.h"

#include "core/request/limits.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"

#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QListWidget>

namespace likeness {

namespace {

constexpr int kWidth = 520;
constexpr int kLabel = 112;
constexpr int kFoldersHeight = 84;

} // namespace

PreferencesWindow::PreferencesWindow(const Preferences& preferences, const QStringList& devices,
                                     QWidget* parent)
    : QWidget(parent, Qt::Window), preferences_(preferences), grid_(new QGridLayout(this)) {
    setObjectName(QStringLiteral("preferences"));
    setWindowTitle(tr("Preferences"));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(kWidth);
    grid_->setContentsMargins(16, 16, 16, 16);
    grid_->setHorizontalSpacing(metrics::kGap);
    grid_->setVerticalSpacing(metrics::kGap);
    grid_->setColumnMinimumWidth(0, kLabel);
    grid_->setColumnStretch(1, 1);

    const QString themes[] = {QStringLiteral("dark"), QStringLiteral("light"),
                              QStringLiteral("system")};
    theme_ = addChoice(
        tr("Theme"), QStringLiteral("pref_theme"), tr("How the window looks"),
        {{tr("Dark"), themes[0]}, {tr("Light"), themes[1]}, {tr("As the system"), themes[2]}},
        themes[static_cast<int>(preferences.theme)]);
    connect(theme_, &QComboBox::activated, this, [this](int index) {
        change([index](Preferences& all) { all.theme = static_cast<Preferences::Theme>(index); });
    });
    auto* language = addChoice(tr("Language"), QStringLiteral("pref_language"),
                               tr("Counts from the next start on"),
                               {{tr("As the system"), {}},
                                {QStringLiteral("English"), QStringLiteral("en")},
                                {QStringLiteral("Deutsch"), QStringLiteral("de")}},
                               preferences.language);
    connect(language, &QComboBox::activated, this, [this, language](int index) {
        change([&](Preferences& all) { all.language = language->itemData(index).toString(); });
    });

    QList<std::pair<QString, QString>> device_choices{{tr("Best present"), {}}};
    for (const QString& device : devices) {
        device_choices.append({device.toUpper(), device});
    }
    auto* device =
        addChoice(tr("Device"), QStringLiteral("pref_device"),
                  tr("device: where pictures are computed"), device_choices, preferences.device);
    connect(device, &QComboBox::activated, this, [this, device](int index) {
        change([&](Preferences& all) { all.device = device->itemData(index).toString(); });
    });
    QList<std::pair<QString, QString>> dtypes{{tr("Best for the device"), {}}};
    for (const char* name : {"float32", "bfloat16", "float16"}) {
        dtypes.append({QLatin1String(name), QLatin1String(name)});
    }
    auto* dtype = addChoice(tr("Numbers"), QStringLiteral("pref_dtype"),
                            tr("dtype: float32 is exact and slower"), dtypes, preferences.dtype);
    connect(dtype, &QComboBox::activated, this, [this, dtype](int index) {
        change([&](Preferences& all) { all.dtype = dtype->itemData(index).toString(); });
    });
    auto* threads = new NumberField(limit("threads"));
    threads->setObjectName(QStringLiteral("pref_threads"));
    threads->setAccessibleName(tr("Threads"));
    threads->setToolTip(tr("threads: of the processor; 0: all"));
    threads->setFixedWidth(metrics::kNumber);
    threads->setValue(preferences.threads);
    addRow(tr("Threads"), threads, tr("0: all there are"));
    connect(threads, &NumberField::edited, this, [this](double value) {
        change([value](Preferences& all) { all.threads = static_cast<int>(value); });
    });
    auto* autosave = addChoice(
        tr("Autosave"), QStringLiteral("pref_autosave"),
        tr("Every edit is kept for the next start; the file of a project that was saved or opened "
           "changes with it, or waits for Ctrl+S"),
        {{tr("Every edit, for the next start"), {}},
         {tr("The project's file too"), QStringLiteral("project")}},
        preferences.saves_project ? QStringLiteral("project") : QString());
    connect(autosave, &QComboBox::activated, this, [this](int index) {
        change([index](Preferences& all) { all.saves_project = index == 1; });
    });
    addModelFolders();
    addLibrary();
    grid_->setRowStretch(grid_->rowCount(), 1);
    // On a low screen a window comes as low as its layout's least size, which does not know of
    // lines that are broken.
    setMinimumHeight(grid_->totalHeightForWidth(kWidth));
}

void PreferencesWindow::setTheme(Preferences::Theme theme) {
    preferences_.theme = theme;
    theme_->setCurrentIndex(static_cast<int>(theme));
}

void PreferencesWindow::setModelFolders(const QStringList& folders) {
    preferences_.model_folders = folders;
    showFolders();
}

void PreferencesWindow::addRow(const QString& text, QWidget* widget, const QString& note) {
    auto* label = new PlainLabel(text, PlainLabel::Tone::text2);
    label->setBuddy(widget);
    label->setFixedHeight(metrics::kControl); // level with the first control beside it
    const int row = grid_->rowCount();
    grid_->addWidget(label, row, 0, Qt::AlignTop);
    auto* line = new QHBoxLayout;
    line->addWidget(widget);
    if (!note.isEmpty()) {
        line->addWidget(new PlainLabel(note, PlainLabel::Tone::text2, 11));
        line->addStretch(1);
    }
    grid_->addLayout(line, row, 1);
}

ChoiceBox* PreferencesWindow::addChoice(const QString& text, const QString& name,
                                        const QString& tool_tip,
                                        const QList<std::pair<QString, QString>>& choices,
                                        const QString& current) {
    auto* box = new ChoiceBox;
    box->setObjectName(name);
    box->setAccessibleName(text);
    box->setToolTip(tool_tip);
    for (const auto& [words, value] : choices) {
        box->addItem(words, value);
    }
    box->setCurrentIndex(std::max(0, box->findData(current)));
    addRow(text, box);
    return box;
}

void PreferencesWindow::addModelFolders() {
    folders_ = new QListWidget;
    folders_->setObjectName(QStringLiteral("pref_model_folders"));
    folders_->setAccessibleName(tr("Model folders"));
    folders_->setToolTip(tr("Folders of models, adapters and LoRAs; nothing in them is changed"));
    folders_->setFixedHeight(kFoldersHeight);
    auto* add = new TextButton(tr("Add folder"), TextButton::Kind::plain);
    add->setObjectName(QStringLiteral("pref_add_folder"));
    auto* remove = new TextButton(tr("Remove"), TextButton::Kind::plain);
    remove->setObjectName(QStringLiteral("pref_remove_folder"));
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(folders_);
    auto* note = new PlainLabel(tr("Where your models, adapters and LoRAs lie, with all folders "
                                   "below. Nothing in them is changed."),
                                PlainLabel::Tone::text2, 11);
    note->setObjectName(QStringLiteral("pref_folders_note"));
    note->setWordWrap(true);
    column->addWidget(note);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(add);
    buttons->addWidget(remove);
    buttons->addStretch(1);
    column->addLayout(buttons);
    addRow(tr("Model folders"), box);
    connect(add, &QAbstractButton::clicked, this, [this] {
        browse(tr("Add a folder of models"), [this](const QString& folder) {
            change([&](Preferences& all) {
                if (!all.model_folders.contains(folder)) {
                    all.model_folders.append(folder);
                }
            });
        });
    });
    connect(remove, &QAbstractButton::clicked, this, [this] {
        const int row = folders_->currentRow();
        if (row >= 0) {
            change([row](Preferences& all) { all.model_folders.removeAt(row); });
        }
    });
    showFolders();
}

void PreferencesWindow::addLibrary() {
    library_ = new PlainLabel;
    library_->setObjectName(QStringLiteral("pref_library"));
    library_->setElided();
    auto* choose = new TextButton(tr("Choose"), TextButton::Kind::plain);
    choose->setObjectName(QStringLiteral("pref_choose_library"));
    choose->setFixedHeight(metrics::kControl);
    choose->setAccessibleName(tr("Choose the library's folder"));
    choose->setToolTip(tr("Where finished pictures are kept; counts from the next start on. What "
                          "is there already stays where it is."));
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(library_, 1);
    row->addWidget(choose);
    addRow(tr("Library"), box);
    connect(choose, &QAbstractButton::clicked, this, [this] {
        browse(tr("Where finished pictures are kept"), [this](const QString& folder) {
            change([&](Preferences& all) { all.library_folder = folder; });
        });
    });
    showFolders();
}

void PreferencesWindow::browse(const QString& title,
                               const std::function<void(const QString&)>& chosen) {
    auto* dialog = openFileDialog(this, title, QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, chosen);
}

void PreferencesWindow::change(const std::function<void(Preferences&)>& change) {
    change(preferences_);
    showFolders();
    Q_EMIT edited(preferences_);
}

void PreferencesWindow::showFolders() {
    folders_->clear();
    for (const QString& folder : preferences_.model_folders) {
        folders_->addItem(cleaned(folder));
    }
    if (library_ != nullptr) {
        library_->setPlainText(preferences_.library_folder.isEmpty() ? tr("The usual place")
                                                                     : preferences_.library_folder);
    }
}

} // namespace likeness
