#include "ui/panels/export_dialog.h"

#include "core/library/export_name.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"

#include <QCheckBox>
#include <QDateTime>
#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QStandardPaths>

namespace likeness {

namespace {

constexpr ImageFormat kFormats[] = {ImageFormat::png, ImageFormat::jpeg, ImageFormat::tiff,
                                    ImageFormat::webp, ImageFormat::exr};
constexpr Limit kQuality{"quality", 1, 100, 1, 95, 0};
constexpr Limit kLongestSide{"longest_side", 0, 16383, 64, 0, 0};
constexpr int kLeastField = 280;

bool hasQuality(ImageFormat format) {
    return format == ImageFormat::jpeg || format == ImageFormat::webp;
}

} // namespace

ExportDialog::ExportDialog(const ExportOptions& options, int count, QWidget* parent)
    : QDialog(parent), format_(new ChoiceBox), quality_(new NumberField(kQuality)),
      longest_side_(new NumberField(kLongestSide)), name_(new QLineEdit), folder_(new QLineEdit),
      settings_(new QCheckBox(tr("Keep the settings inside, so that they can come back"))),
      example_(new PlainLabel({}, PlainLabel::Tone::text2, 11)) {
    setObjectName(QStringLiteral("export_dialog"));
    setWindowTitle(count == 1 ? tr("Export a picture") : tr("Export %1 pictures").arg(count));
    example_->setElided();
    format_->addItems({tr("PNG"), tr("JPEG"), tr("TIFF"), tr("WebP"), tr("OpenEXR, linear")});
    auto* browse_button = new IconButton("folder", tr("Choose a folder"));
    browse_button->setObjectName(QStringLiteral("export_browse"));
    auto* export_button = new TextButton(tr("Export"), TextButton::Kind::primary);
    export_button->setObjectName(QStringLiteral("export_now"));
    export_button->setDefault(true);
    export_ = export_button;
    auto* cancel = new TextButton(tr("Cancel"), TextButton::Kind::plain);
    cancel->setObjectName(QStringLiteral("export_cancel"));
    cancel->setFixedHeight(metrics::kPrimaryButton);

    const struct {
        QString label;
        QWidget* widget;
        const char* name;
        QString tip;
    } rows[] = {
        {tr("Folder"), folder_, "export_folder", tr("Where the files go")},
        {tr("Name"), name_, "export_name",
         tr("{prompt} {seed} {date} {model} {number} stand for the picture's own. A name that is "
            "taken gets a number.")},
        {tr("Format"), format_, "export_format",
         tr("PNG and TIFF keep every bit, OpenEXR is linear light")},
        {tr("Quality"), quality_, "export_quality",
         tr("1 to 100, of JPEG and WebP; 100 makes a WebP lossless")},
        {tr("Longest side"), longest_side_, "export_longest_side",
         tr("In pixels; 0 leaves the size as it is. Nothing is enlarged.")},
    };

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(metrics::kGap);
    grid->setVerticalSpacing(4);
    grid->setColumnMinimumWidth(0, metrics::kLabelRight);
    grid->setColumnMinimumWidth(1, kLeastField);
    int line = 0;
    for (const auto& row : rows) {
        auto* label = new PlainLabel(row.label, PlainLabel::Tone::text2);
        label->setBuddy(row.widget);
        row.widget->setObjectName(QLatin1String(row.name));
        row.widget->setAccessibleName(row.label);
        row.widget->setToolTip(row.tip);
        row.widget->setFixedHeight(metrics::kControl);
        grid->addWidget(label, line, 0);
        grid->addWidget(row.widget, line, 1);
        if (row.widget == folder_) {
            grid->addWidget(browse_button, line, 2);
        }
        if (row.widget == name_) {
            grid->addWidget(example_, ++line, 1);
        }
        ++line;
    }
    settings_->setObjectName(QStringLiteral("export_settings"));
    settings_->setToolTip(tr("The request as JSON: prompt, seed, references' paths. Off: the file "
                             "holds pixels only."));
    grid->addWidget(settings_, line, 1, 1, 2);

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(metrics::kGap);
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(export_button);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(16);
    column->addLayout(grid);
    column->addLayout(buttons);

    connect(browse_button, &QAbstractButton::clicked, this, &ExportDialog::browse);
    connect(format_, &QComboBox::currentIndexChanged, this, &ExportDialog::showChoice);
    connect(name_, &QLineEdit::textChanged, this, &ExportDialog::showChoice);
    connect(folder_, &QLineEdit::textChanged, this, &ExportDialog::showChoice);
    connect(cancel, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(export_button, &QAbstractButton::clicked, this, [this] {
        Q_EMIT exportRequested(this->options());
        accept();
    });
    fill(options);
}

void ExportDialog::fill(const ExportOptions& options) {
    const auto* format = std::ranges::find(kFormats, options.format);
    format_->setCurrentIndex(static_cast<int>(format - std::begin(kFormats)));
    quality_->setValue(options.quality);
    longest_side_->setValue(options.longest_side);
    name_->setText(options.name_template);
    folder_->setText(!options.folder.isEmpty()
                         ? options.folder
                         : QStandardPaths::writableLocation(QStandardPaths::PicturesLocation));
    settings_->setChecked(options.with_settings);
    showChoice();
}

ExportOptions ExportDialog::options() const {
    return {.folder = folder_->text(),
            .format = kFormats[std::max(0, format_->currentIndex())],
            .quality = static_cast<int>(quality_->value()),
            .longest_side = static_cast<int>(longest_side_->value()),
            .name_template = name_->text(),
            .with_settings = settings_->isChecked()};
}

void ExportDialog::showChoice() {
    const ExportOptions chosen = options();
    const GenerationRequest sample{.prompt = "a mug on a beach", .seed = 4211};
    const std::string name = export_name(chosen.name_template.toStdString(), sample,
                                         QDateTime::currentMSecsSinceEpoch(), 1);
    example_->setPlainText(
        tr("such as %1.%2").arg(QString::fromStdString(name), endingOf(chosen.format)));
    quality_->setEnabled(hasQuality(chosen.format));
    export_->setEnabled(!chosen.folder.isEmpty());
}

void ExportDialog::browse() {
    auto* dialog = new QFileDialog(this, tr("Export into"), folder_->text());
    dialog->setObjectName(QStringLiteral("file_dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, folder_, &QLineEdit::setText);
    dialog->open();
}

} // namespace likeness
