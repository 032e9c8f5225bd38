#pragma once

#include "core/request/validate.h"
#include "ui/model/request_model.h"

#include <QList>
#include <QSize>

#include <functional>

class QMenu;

namespace likeness {

struct SizePreset {
    QString name{}; // "3 : 2"
    QSize size{};
};

// Formats of about as many pixels as the model was made for; sides are multiples of four latents.
QList<SizePreset> sizePresets(const ModelTraits& traits);

// The model's own values, then the formats.
void fillPresets(QMenu& menu, const ModelTraits& traits,
                 const std::function<void(const RequestEdit&)>& edit);

} // namespace likeness
