#include "ui/panels/sampling_presets.h"

#include "ui/model/size_presets.h"

#include <QCoreApplication>
#include <QMenu>

namespace likeness {

namespace {

struct PresetText {
    Q_DECLARE_TR_FUNCTIONS(likeness::SamplingPresets)
};

} // namespace

QList<SizePreset> sizePresets(const ModelTraits& traits) {
    QList<SizePreset> presets;
    constexpr std::pair<int, int> kRatios[] = {{1, 1}, {4, 3}, {3, 2}, {16, 9},
                                               {3, 4}, {2, 3}, {9, 16}};
    for (const auto& [wide, high] : kRatios) {
        presets.append({QStringLiteral("%1 : %2").arg(wide).arg(high),
                        sizeOfShape(static_cast<double>(wide) / high, traits)});
    }
    return presets;
}

void fillPresets(QMenu& menu, const ModelTraits& traits,
                 const std::function<void(const RequestEdit&)>& edit) {
    menu.addAction(PresetText::tr("The model's own: %1 × %2, %3 steps, guidance %4")
                       .arg(traits.default_width)
                       .arg(traits.default_height)
                       .arg(traits.default_num_inference_steps)
                       .arg(traits.default_guidance_scale, 0, 'f', 1),
                   [edit] {
                       edit([](GenerationRequest& request) {
                           request.width.reset();
                           request.height.reset();
                           request.num_inference_steps.reset();
                           request.guidance_scale.reset();
                           request.scheduler.reset();
                       });
                   });
    menu.addSeparator();
    for (const SizePreset& preset : sizePresets(traits)) {
        const QSize size = preset.size;
        menu.addAction(
            QStringLiteral("%1   %2 × %3").arg(preset.name).arg(size.width()).arg(size.height()),
            [edit, size] {
                edit([size](GenerationRequest& request) {
                    request.width = size.width();
                    request.height = size.height();
                });
            });
    }
}

} // namespace likeness
