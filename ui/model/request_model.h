#pragma once

#include "core/request/generation_request.h"
#include "core/request/validate.h"

#include <QObject>

#include <functional>
#include <vector>

namespace likeness {

// A change to the request, as a panel wishes it.
using RequestEdit = std::function<void(GenerationRequest&)>;

// The request being edited, but for its references (those are cards: ReferenceListModel), with what
// is known of its model, and what cannot run about it.
class RequestModel : public QObject {
    Q_OBJECT

public:
    explicit RequestModel(QObject* parent = nullptr);

    const GenerationRequest& request() const { return request_; }

    const ModelTraits& traits() const { return traits_; }

    const std::vector<Problem>& problems() const { return problems_; }

    // Whether the seed stays for the next picture. Unlocked: each press of Generate draws another.
    bool isSeedLocked() const { return seed_locked_; }

    void edit(const RequestEdit& edit);                // the artist's wish: changed() and edited()
    void setRequest(const GenerationRequest& request); // settings given back: changed() only
    void setTraits(const ModelTraits& traits);
    void setSeedLocked(bool locked);
    void drawSeed();

Q_SIGNALS:
    void changed();
    void edited();
    void traitsChanged(); // after changed(): something else is known of the model

private:
    void check();

    GenerationRequest request_{};
    ModelTraits traits_{};
    std::vector<Problem> problems_{};
    bool seed_locked_ = false;
};

} // namespace likeness
