#pragma once

namespace likeness::cli {

// From here on Ctrl+C and SIGTERM ask for a stop instead of killing; a second one kills.
void watch_for_interrupts();

// Keeps them back until watch_for_interrupts(), in the program that this one becomes too.
void hold_interrupts();

// Whether somebody asked to stop.
bool interrupted();

// Throws Cancelled when somebody did.
void check_interrupted();

} // namespace likeness::cli
