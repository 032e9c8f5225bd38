#include "ui/model/request_model.h"

#include <QRandomGenerator>

namespace likeness {

RequestModel::RequestModel(QObject* parent) : QObject(parent) {
    drawSeed();
}

void RequestModel::check() {
    problems_ = validate(request_, traits_);
    Q_EMIT changed();
}

void RequestModel::edit(const RequestEdit& edit) {
    GenerationRequest next = request_;
    edit(next);
    if (next == request_) {
        return;
    }
    request_ = std::move(next);
    check();
    Q_EMIT edited();
}

void RequestModel::setRequest(const GenerationRequest& request) {
    request_ = request;
    request_.references.clear();
    check();
}

void RequestModel::setTraits(const ModelTraits& traits) {
    traits_ = traits;
    check();
    Q_EMIT traitsChanged();
}

void RequestModel::setSeedLocked(bool locked) {
    seed_locked_ = locked;
    Q_EMIT changed();
}

void RequestModel::drawSeed() {
    // Thirty-two bits: a number one can still read and type.
    request_.seed = QRandomGenerator::global()->generate();
    check();
}

} // namespace likeness
