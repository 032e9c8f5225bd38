#pragma once

namespace likeness {

// Tells assistive tools what the widgets are that the window draws itself: a slider, a picture, a
// list. Their names are the widgets' own.
void installAccessibleRoles();

} // namespace likeness
