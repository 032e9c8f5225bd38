#include "ui/panels/training_panel.h"

#include "core/request/limits.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/labelled_row.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"
#include "ui/widgets/section.h"
#include "ui/widgets/segmented_control.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

// Of fields that only the window bounds.
constexpr Limit kClassImages{"num_class_images", 1, 10000, 10, 50, 0};
constexpr Limit kSampleEvery{"validation_steps", 0, 100000, 10, 100, 0};
constexpr Limit kSampleSeeds{"num_validation_images", 1, 8, 1, 3, 0};
constexpr Limit kHeldOutShare{"validation_share", 0, 0.5, 0.05, 0.1, 2};
constexpr Limit kNoiseOffset{"noise_offset", 0, 1, 0.01, 0, 2};
constexpr Limit kPriorWeight{"prior_loss_weight", 0, 10, 0.1, 1, 2};
constexpr Limit kResolution{"resolution", 0, 4096, 8, 0, 0}; // 0: the model's own
constexpr Limit kAlpha{"network_alpha", 0, 4096, 1, 0, 1};   // 0: the rank
// 0: as the others learn.
constexpr Limit kTextEncoderRate{"text_encoder_learning_rate", 0, 1, 1e-6, 0, 7};
constexpr int kBatches[] = {1, 2, 4, 8};
constexpr double kTrainedRankTrack = 64; // hands work below them; the numbers go on
constexpr double kTrainingTrack = 4000;

QString modelShortName(const QString& model) {
    return QFileInfo(model).fileName();
}

} // namespace

TrainingPanel::TrainingPanel(QWidget* parent)
    : QWidget(parent), names_(new Section(tr("Result"), QStringLiteral("training_names"))),
      learning_(new Section(tr("Training"), QStringLiteral("training_settings"))),
      more_(new Section(tr("More"), QStringLiteral("training_more"))) {
    setObjectName(QStringLiteral("training_panel"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (Section* section : {names_, learning_, more_}) {
        column->addWidget(section);
    }
    buildNames();
    buildLearning();
    buildMore();
    more_->setOpen(false);
    setDraft(firstDraft());
}

void TrainingPanel::change(const std::function<void(Request&)>& change) {
    Q_EMIT edited([change](TrainingDraft& draft) { change(draft.request); });
}

QLineEdit* TrainingPanel::addText(Section& section, const QString& label, const char* name,
                                  const QString& tool_tip,
                                  const std::function<void(TrainingDraft&, const QString&)>& set) {
    auto* line = new QLineEdit;
    line->setObjectName(QLatin1String(name));
    line->setAccessibleName(label);
    line->setToolTip(tool_tip);
    line->setFixedHeight(metrics::kControl);
    line->setAcceptDrops(false);
    section.body()->addWidget(new LabelledRow(label, {line}, line));
    connect(line, &QLineEdit::textEdited, this, [this, set](const QString& text) {
        Q_EMIT edited([set, text](TrainingDraft& draft) { set(draft, text); });
    });
    return line;
}

NumberField* TrainingPanel::makeNumber(const char* name, const Limit& limit,
                                       const QString& accessible_name, const QString& tool_tip,
                                       const std::function<void(Request&, double)>& set) {
    auto* number = new NumberField(limit);
    number->setObjectName(QLatin1String(name));
    number->setAccessibleName(accessible_name);
    number->setToolTip(tool_tip);
    number->setFixedWidth(limit.decimals > 3 ? metrics::kNumber + 16 : metrics::kNumber);
    connect(number, &NumberField::edited, this, [this, set](double value) {
        change([set, value](Request& request) { set(request, value); });
    });
    return number;
}

NumberField* TrainingPanel::addNumber(Section& section, const QString& label, const char* name,
                                      const Limit& limit, const QString& tool_tip,
                                      const std::function<void(Request&, double)>& set) {
    NumberField* number = makeNumber(name, limit, label, tool_tip, set);
    section.body()->addWidget(new LabelledRow(label, {number}));
    return number;
}

ScaleSlider* TrainingPanel::addSlider(Section& section, const QString& label, const char* name,
                                      const Limit& limit, double least, double most,
                                      const QString& tool_tip, int Request::*field) {
    auto* slider = new ScaleSlider(limit);
    slider->setTrackRange(least, most);
    slider->setNames(QLatin1String(name), label, tool_tip);
    section.body()->addWidget(new LabelledRow(label, {slider}, slider));
    connect(slider, &ScaleSlider::edited, this, [this, field](double value) {
        change([field, value](Request& request) { request.*field = static_cast<int>(value); });
    });
    return slider;
}

QCheckBox* TrainingPanel::addCheck(Section& section, const QString& words, const char* name,
                                   const QString& tool_tip, bool Request::*field) {
    auto* box = new QCheckBox(words);
    box->setObjectName(QLatin1String(name));
    box->setToolTip(tool_tip);
    box->setFixedHeight(metrics::kControl);
    section.body()->addWidget(box);
    connect(box, &QCheckBox::clicked, this, [this, field](bool on) {
        change([field, on](Request& request) { request.*field = on; });
    });
    checks_.append({box, field});
    return box;
}

void TrainingPanel::buildNames() {
    name_ = addText(*names_, tr("Name"), "training_name",
                    tr("What the result is called, and the word that calls it: harbour-mug"),
                    [](TrainingDraft& draft, const QString& text) { draft.name = text; });
    name_->setPlaceholderText(QStringLiteral("harbour-mug"));
    caption_ = addText(*names_, tr("Caption"), "instance_prompt",
                       tr("instance_prompt: what a picture without a caption shows. Name the thing "
                          "by a word that means nothing else"),
                       [](TrainingDraft& draft, const QString& text) {
                           draft.request.instance_prompt = text.toStdString();
                       });
    model_ = new ChoiceBox;
    model_->setObjectName(QStringLiteral("training_model"));
    model_->setAccessibleName(tr("Base model"));
    model_->setToolTip(tr("model: what it is trained on and used with"));
    model_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    names_->body()->addWidget(new LabelledRow(tr("Base"), {model_}, model_));
    connect(model_, &QComboBox::activated, this, [this](int index) {
        const std::string model = model_->itemData(index).toString().toStdString();
        change([model](Request& request) { request.model = model; });
    });
    class_prompt_ =
        addText(*names_, tr("Its kind"), "class_prompt",
                tr("class_prompt: what things of its kind are called, such as \"a photo "
                   "of a mug\": the model keeps knowing those. Empty: it may forget"),
                [](TrainingDraft& draft, const QString& text) {
                    draft.request.class_prompt = text.toStdString();
                });
    class_rows_ << class_prompt_->parentWidget();
    class_images_ = addNumber(
        *names_, tr("Of its kind"), "num_class_images", kClassImages,
        tr("num_class_images: pictures of its kind, made by the model first"),
        [](Request& request, double value) { request.num_class_images = static_cast<int>(value); });
    class_rows_ << class_images_->parentWidget();
    form_ = new SegmentedControl({{tr("Model"), tr("as_lora: off. A whole model, in a folder")},
                                  {tr("Changes"), tr("as_difference: one file of what changed")},
                                  {tr("LoRA"), tr("as_lora: small additions to the layers")}});
    form_->setNames(QStringLiteral("dreambooth_form"), tr("What is saved"));
    auto* row = new LabelledRow(tr("Saved as"), {form_}, form_);
    names_->body()->addWidget(row);
    class_rows_ << row;
    connect(form_, &SegmentedControl::edited, this, [this](int index) {
        change([index](Request& request) {
            request.as_difference = index == 1;
            request.as_lora = index == 2;
        });
    });
}

void TrainingPanel::buildLearning() {
    Section& section = *learning_;
    rank_ = addSlider(section, tr("Rank"), "rank", limit("rank"), 1, kTrainedRankTrack,
                      tr("rank: how much the LoRA can hold.\n4 to 8 for one thing, 16 to 64 for a "
                         "style; more is a larger file. Double click: 8"),
                      &Request::rank);
    lora_rows_ << rank_->parentWidget();
    steps_ = addSlider(section, tr("Steps"), "max_train_steps", limit("max_train_steps"), 10,
                       kTrainingTrack,
                       tr("max_train_steps: how long it learns.\nToo few and it does not know the "
                          "thing, too many and it repeats the pictures. Double click: 400"),
                       &Request::max_train_steps);
    rate_ = makeNumber("learning_rate", limit("learning_rate"), tr("Learning rate"),
                       tr("learning_rate: how far a step goes. Lower it where the loss jumps"),
                       [](Request& request, double value) { request.learning_rate = value; });
    schedule_ = new ChoiceBox;
    schedule_->setObjectName(QStringLiteral("lr_scheduler"));
    schedule_->setAccessibleName(tr("Schedule of the learning rate"));
    schedule_->setToolTip(tr("lr_scheduler: whether the rate stays or falls towards the end"));
    schedule_->addItems({tr("Constant"), tr("Cosine"), tr("Linear")});
    section.body()->addWidget(new LabelledRow(tr("Rate"), {rate_, schedule_}, schedule_));
    connect(schedule_, &QComboBox::activated, this, [this](int index) {
        change([index](Request& request) {
            request.lr_scheduler = static_cast<LearningRateSchedule>(index);
        });
    });
    QList<SegmentedControl::Segment> batches;
    for (const int batch : kBatches) {
        batches.append({QString::number(batch), {}});
    }
    batch_ = new SegmentedControl(batches);
    batch_->setNames(QStringLiteral("train_batch_size"), tr("Pictures a step"));
    batch_->setToolTip(tr("train_batch_size: pictures a step; more is steadier and needs memory"));
    section.body()->addWidget(new LabelledRow(tr("Batch"), {batch_}, batch_));
    connect(batch_, &SegmentedControl::edited, this, [this](int index) {
        change([index](Request& request) { request.train_batch_size = kBatches[index]; });
    });
    layers_ = new SegmentedControl(
        {{tr("Attention"),
          tr("targets: attention. What binds words to places; enough for a thing")},
         {tr("All"), tr("targets: all. Convolutions and feed-forward too; for a style")}});
    layers_->setNames(QStringLiteral("targets"), tr("Trained layers"));
    lora_rows_ << new LabelledRow(tr("Layers"), {layers_}, layers_);
    section.body()->addWidget(lora_rows_.back());
    connect(layers_, &SegmentedControl::edited, this, [this](int index) {
        change([index](Request& request) { request.targets = static_cast<TrainedLayers>(index); });
    });
    sample_every_ = makeNumber(
        "validation_steps", kSampleEvery, tr("Steps between samples"),
        tr("validation_steps: a row of samples after so many steps; 0: none"),
        [](Request& request, double value) { request.validation_steps = static_cast<int>(value); });
    sample_seeds_ = makeNumber("num_validation_images", kSampleSeeds, tr("Seeds of the samples"),
                               tr("num_validation_images: pictures each time, on seeds that stay"),
                               [](Request& request, double value) {
                                   request.num_validation_images = static_cast<int>(value);
                               });
    sample_seeds_->setFixedWidth(32);
    section.body()->addWidget(new LabelledRow(
        tr("Sample every"), {sample_every_, new PlainLabel(tr("steps,"), PlainLabel::Tone::text2),
                             sample_seeds_, new PlainLabel(tr("seeds"), PlainLabel::Tone::text2)}));
    text_encoder_ = addCheck(section, tr("Text encoder too"), "train_text_encoder",
                             tr("train_text_encoder: learns the word as well as the look; nearer, "
                                "and sooner too near. Its own rate is under More"),
                             &Request::train_text_encoder);
}

// What an adapter's training goes on from.
void TrainingPanel::buildAdapter() {
    adapter_ = new ChoiceBox;
    adapter_->addItem(tr("The model's own"), QString());
    adapter_->setObjectName(QStringLiteral("training_adapter"));
    adapter_->setAccessibleName(tr("Adapter to go on from"));
    adapter_->setToolTip(tr("ip_adapter: the adapter that learns on; what it was is kept. Of the "
                            "same family as the base model"));
    adapter_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    auto* open = new IconButton("folder", tr("Choose a file: %1").arg(tr("Adapter to go on from")));
    open->setObjectName(QStringLiteral("open_training_adapter"));
    adapter_row_ = new LabelledRow(tr("Goes on from"), {adapter_, open}, adapter_);
    more_->body()->addWidget(adapter_row_);
    connect(open, &IconButton::clicked, this, &TrainingPanel::adapterRequested);
    connect(adapter_, &QComboBox::activated, this, [this](int index) {
        const std::string adapter = adapter_->itemData(index).toString().toStdString();
        change([adapter](Request& request) { request.ip_adapter = adapter; });
    });
}

void TrainingPanel::buildTextEncoderRate() {
    text_encoder_rate_ =
        addNumber(*more_, tr("Encoder rate"), "text_encoder_learning_rate", kTextEncoderRate,
                  tr("text_encoder_learning_rate: how far a step goes in the text encoder, mostly "
                     "less than elsewhere; 0: as elsewhere"),
                  [](Request& request, double value) {
                      request.text_encoder_learning_rate =
                          value > 0 ? std::optional<double>(value) : std::nullopt;
                  });
    text_encoder_rate_->setFixedWidth(metrics::kNumber + 24);
    text_encoder_rate_->setAccessibleName(tr("Learning rate of the text encoder"));
}

void TrainingPanel::buildMore() {
    Section& section = *more_;
    buildAdapter();
    buildTextEncoderRate();
    const auto whole = [](int Request::*field) {
        return
            [field](Request& request, double value) { request.*field = static_cast<int>(value); };
    };
    const auto real = [](double Request::*field) {
        return [field](Request& request, double value) { request.*field = value; };
    };
    sample_prompt_ = addText(section, tr("Samples of"), "validation_prompt",
                             tr("validation_prompt: what the samples show; empty: the caption"),
                             [](TrainingDraft& draft, const QString& text) {
                                 draft.request.validation_prompt = text.toStdString();
                             });
    resolution_ = addNumber(section, tr("Size"), "resolution", kResolution,
                            tr("resolution: side of the square whose area pictures get; 0: the "
                               "model's own"),
                            [](Request& request, double value) {
                                const int side = static_cast<int>(value);
                                request.resolution = side > 0 ? std::optional(side) : std::nullopt;
                            });
    alpha_ = addNumber(section, tr("Alpha"), "network_alpha", kAlpha,
                       tr("network_alpha: what is added counts alpha / rank; 0: the rank"),
                       [](Request& request, double value) {
                           request.network_alpha =
                               value > 0 ? std::optional<double>(value) : std::nullopt;
                       });
    lora_rows_ << alpha_->parentWidget();
    format_ =
        new SegmentedControl({{QStringLiteral("kohya"), tr("format: read by most programs")},
                              {QStringLiteral("diffusers"), tr("format: as diffusers saves")}});
    format_->setNames(QStringLiteral("format"), tr("How the file spells its names"));
    lora_rows_ << new LabelledRow(tr("Format"), {format_}, format_);
    section.body()->addWidget(lora_rows_.back());
    connect(format_, &SegmentedControl::edited, this, [this](int index) {
        change([index](Request& request) { request.format = static_cast<LoraSpelling>(index); });
    });
    accumulation_ = addNumber(section, tr("Passes a step"), "gradient_accumulation_steps",
                              limit("gradient_accumulation_steps"),
                              tr("gradient_accumulation_steps: a larger batch without its memory"),
                              whole(&Request::gradient_accumulation_steps));
    warmup_ = addNumber(section, tr("Warm-up"), "lr_warmup_steps", limit("lr_warmup_steps"),
                        tr("lr_warmup_steps: the rate rises over so many steps"),
                        whole(&Request::lr_warmup_steps));
    snr_ = addNumber(section, tr("Min-SNR"), "snr_gamma", limit("snr_gamma"),
                     tr("snr_gamma: weighs steps by their noise; 5 is usual, 0: off"),
                     real(&Request::snr_gamma));
    noise_offset_ = addNumber(section, tr("Noise offset"), "noise_offset", kNoiseOffset,
                              tr("noise_offset: for very dark and very bright pictures; 0: off"),
                              real(&Request::noise_offset));
    held_out_ = addNumber(section, tr("Held out"), "validation_share", kHeldOutShare,
                          tr("validation_share: of the pictures, measured on and never learned"),
                          real(&Request::validation_share));
    prior_weight_ = addNumber(section, tr("Its kind counts"), "prior_loss_weight", kPriorWeight,
                              tr("prior_loss_weight: what pictures of its kind count"),
                              real(&Request::prior_loss_weight));
    class_rows_ << prior_weight_->parentWidget();
    seed_ = addNumber(
        section, tr("Seed"), "training_seed", {"seed", 0, 4294967295.0, 1, 0, 0},
        tr("seed: the same pictures, settings and seed give the same result"),
        [](Request& request, double value) { request.seed = static_cast<std::uint64_t>(value); });
    seed_->setFixedWidth(metrics::kNumber + 40);
    minutes_ = addNumber(section, tr("Saved every"), "checkpointing_minutes",
                         limit("checkpointing_minutes"),
                         tr("checkpointing_minutes: what a power cut can take, at most"),
                         real(&Request::checkpointing_minutes));
    addCheck(section, tr("Mirrored pictures too"), "random_flip",
             tr("random_flip: half of the pictures are mirrored. Not for writing or faces"),
             &Request::random_flip);
    addCheck(section, tr("Average of the way"), "use_ema",
             tr("use_ema: what is saved is the average of the last steps"), &Request::use_ema);
    addCheck(section, tr("Less memory, more time"), "gradient_checkpointing",
             tr("gradient_checkpointing: layers are computed twice and not kept"),
             &Request::gradient_checkpointing);
}

void TrainingPanel::setModels(const QStringList& models) {
    models_ = models;
    showModel();
}

void TrainingPanel::showModel() {
    const QString model = QString::fromStdString(draft_.request.model);
    const QSignalBlocker blocked(model_);
    model_->clear();
    QStringList all = models_;
    if (!all.contains(model)) {
        all.prepend(model);
    }
    for (const QString& each : std::as_const(all)) {
        model_->addItem(modelShortName(each), each);
    }
    model_->setCurrentIndex(static_cast<int>(all.indexOf(model)));
}

void TrainingPanel::setAdapters(const QStringList& adapters) {
    if (adapters != adapters_) {
        adapters_ = adapters;
        showAdapter();
    }
}

void TrainingPanel::showAdapter() {
    const QString adapter = QString::fromStdString(draft_.request.ip_adapter);
    const QSignalBlocker blocked(adapter_);
    QStringList all = adapters_;
    all.removeAll(QString());
    adapter_->setFiles(all, adapter);
}

void TrainingPanel::setDraft(const TrainingDraft& draft) {
    draft_ = draft;
    const TrainingRequest& request = draft.request;
    const auto text = [](QLineEdit* line, const QString& shown) {
        if (line->text() != shown) {
            line->setText(shown);
        }
    };
    text(name_, draft.name);
    text(caption_, QString::fromStdString(request.instance_prompt));
    text(class_prompt_, QString::fromStdString(request.class_prompt));
    text(sample_prompt_, QString::fromStdString(request.validation_prompt));
    const QString own = captionTemplate(draft);
    caption_->setPlaceholderText(own.isEmpty() ? QStringLiteral("a photo of harbour-mug") : own);
    sample_prompt_->setPlaceholderText(caption_->text().isEmpty() ? caption_->placeholderText()
                                                                  : caption_->text());
    showModel();
    showAdapter();
    const std::pair<NumberField*, double> numbers[] = {
        {class_images_, request.num_class_images},
        {rate_, request.learning_rate.value_or(default_learning_rate(request))},
        {text_encoder_rate_, request.text_encoder_learning_rate.value_or(0)},
        {sample_every_, request.validation_steps},
        {sample_seeds_, request.num_validation_images},
        {resolution_, request.resolution.value_or(0)},
        {accumulation_, request.gradient_accumulation_steps},
        {alpha_, request.network_alpha.value_or(0)},
        {warmup_, request.lr_warmup_steps},
        {snr_, request.snr_gamma},
        {noise_offset_, request.noise_offset},
        {held_out_, request.validation_share},
        {prior_weight_, request.prior_loss_weight},
        {seed_, static_cast<double>(request.seed)},
        {minutes_, request.checkpointing_minutes}};
    for (const auto& [number, value] : numbers) {
        number->setValue(value);
    }
    rank_->setValue(request.rank);
    steps_->setValue(request.max_train_steps);
    schedule_->setCurrentIndex(static_cast<int>(request.lr_scheduler));
    const auto* batch = std::ranges::find(kBatches, request.train_batch_size);
    batch_->setCurrent(
        batch == std::end(kBatches) ? -1 : static_cast<int>(batch - std::begin(kBatches)));
    layers_->setCurrent(static_cast<int>(request.targets));
    format_->setCurrent(static_cast<int>(request.format));
    form_->setCurrent(request.as_lora ? 2 : request.as_difference ? 1 : 0);
    for (const auto& [box, field] : checks_) {
        box->setChecked(request.*field);
    }
    showRows();
}

// Only what the method has.
void TrainingPanel::showRows() {
    const TrainingRequest& request = draft_.request;
    const bool dreambooth = request.method == TrainingMethod::dreambooth;
    const bool adapter = request.method == TrainingMethod::ip_adapter;
    const bool adds = request.method == TrainingMethod::lora || (dreambooth && request.as_lora);
    for (QWidget* row : std::as_const(class_rows_)) {
        row->setVisible(dreambooth);
    }
    for (QWidget* row : std::as_const(lora_rows_)) {
        row->setVisible(adds);
    }
    text_encoder_->setVisible(!adapter);
    text_encoder_rate_->parentWidget()->setVisible(!adapter && request.train_text_encoder);
    adapter_row_->setVisible(adapter);
    names_->setNote(dreambooth ? tr("DreamBooth") : adapter ? tr("adapter") : tr("LoRA"));
}

void TrainingPanel::setFixed(bool fixed) {
    learning_->setNote(fixed ? tr("fixed while it runs") : QString());
    for (Section* section : {names_, learning_, more_}) {
        for (int i = 0; i < section->body()->count(); ++i) {
            section->body()->itemAt(i)->widget()->setEnabled(!fixed);
        }
    }
}

} // namespace likeness
