#pragma once

#include "core/request/validate.h"

#include <QString>

#include <functional>

namespace likeness {

// What core tells, in the window's language; English where nobody has translated it. From any
// thread.
QString inWords(const Message& message);

// A field and what is wrong with it.
QString inWords(const Problem& problem);

// Does it. Why it failed, for the screen; empty: it did not.
QString reasonOf(const std::function<void()>& work);

} // namespace likeness
