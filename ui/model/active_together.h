#pragma once

#include "ui/model/comparison_draft.h"

#include <QImage>
#include <QString>

#include <optional>
#include <string>
#include <vector>

namespace likeness {

class KnownFiles;
class ReferenceListModel;
class RequestModel;

// One of what makes the next picture together, or is kept and would.
struct ActiveThing {
    enum class Kind { model, reference, lora, word };

    Kind kind = Kind::model;
    QString name{};      // "Harbour-mug", of a reference its role
    QString explained{}; // the file
    QString problem{};   // why it is left out though it is not muted; empty: it is not
    QImage thumbnail{};  // of a reference
    double scale = 1;    // of a LoRA or a reference
    bool muted = false;  // by hand
    bool solo = false;   // of a reference
    bool acts = true;    // on the next picture
    quint64 card = 0;    // of a reference
    std::size_t row = 0; // of a LoRA or a word: in the request
    std::string path{};  // likewise
    AxisChoice sweep{};  // what a ladder of it varies; not of a word
    bool operator==(const ActiveThing&) const = default;
};

// Everything that is active on a picture: the model first, then references, LoRAs and words.
std::vector<ActiveThing> activeTogether(const RequestModel& request,
                                        const ReferenceListModel& references,
                                        const KnownFiles& files);

// "3 active, 1 muted": of everything but the model; what does not act is never left out of it.
QString countOf(const std::vector<ActiveThing>& things);

} // namespace likeness
