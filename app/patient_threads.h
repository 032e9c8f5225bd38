#pragma once

namespace likeness {

// What patient_threads.cpp wants to find in the environment, for a program that starts one of ours.
inline constexpr char kPatientThreads[] = "GOMP_SPINCOUNT=5000";

} // namespace likeness
