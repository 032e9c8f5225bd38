#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

// The arithmetic of the bench: plain numbers in, numbers with their standard error out.
namespace likeness::starter::bench {

// A mean over subjects and how sure it is. A subject is one sample, however many pictures it has:
// pictures of one product err alike.
struct Estimate {
    double value = 0;
    double standard_error = 0;
    int subjects = 0;

    bool operator==(const Estimate&) const = default;
};

// What one picture of a subject scored.
struct SubjectScore {
    int subject = 0;
    double value = 0;
};

// The mean of the subjects' own means; nullopt where there is none. The standard error is that of
// the subjects' means; with one subject it is 0.
std::optional<Estimate> macro_average(std::span<const SubjectScore> scores);

// The mean over the subjects that are in both of a's mean less b's.
std::optional<Estimate> paired_difference(std::span<const SubjectScore> a,
                                          std::span<const SubjectScore> b);

// Of two estimates over different subjects.
Estimate difference(const Estimate& a, const Estimate& b);
Estimate ratio(const Estimate& a, const Estimate& b);

// How many standard errors a difference lies above 0. Where the error is 0, a difference of either
// sign counts as many.
double in_standard_errors(const Estimate& difference);

// The correlation of two series of one length, at least 2; 0 where one of them is constant.
double correlation(std::span<const double> a, std::span<const double> b);

// The correlation of their ranks (Spearman); equal values share their mean rank.
double rank_correlation(std::span<const double> a, std::span<const double> b);

// Of mean squared errors over values in -1..1, one for each picture: the decibels of their mean.
Estimate psnr(std::span<const double> squared_errors);

// The mean of numbers that each stand for themselves.
std::optional<Estimate> mean_of(std::span<const double> values);

} // namespace likeness::starter::bench
