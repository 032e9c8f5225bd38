// The bench's arithmetic against numbers worked by hand.

#include "app/starter/bench/scores.h"

#include <QTest>

#include <cmath>

using namespace likeness::starter::bench;

namespace {

bool near(double a, double b) {
    return std::abs(a - b) < 1e-9;
}

} // namespace

class TestBenchScores : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void subjectsCountAlikeHoweverManyPictures();
    void nothingIsNoEstimate();
    void pairsAreOfTheSameSubjects();
    void errorsOfDifferenceAndRatio();
    void standardErrorsOfNothing();
    void correlations();
    void decibels();
};

void TestBenchScores::subjectsCountAlikeHoweverManyPictures() {
    // Subject 1: 1, 1, 1, 0 -> 0.75; subject 2: 0 -> 0; subject 3: 0.9.
    const std::vector<SubjectScore> scores{{1, 1}, {2, 0}, {1, 1}, {1, 1}, {1, 0}, {3, 0.9}};
    const auto estimate = macro_average(scores);
    QVERIFY(estimate.has_value());
    QVERIFY(near(estimate->value, 0.55));
    // Deviations 0.2, -0.55, 0.35: squares 0.465, over 2, over 3.
    QVERIFY(near(estimate->standard_error, std::sqrt(0.465 / 6)));
    QCOMPARE(estimate->subjects, 3);
}

void TestBenchScores::nothingIsNoEstimate() {
    QVERIFY(!macro_average({}).has_value());
    QVERIFY(!mean_of({}).has_value());
    const std::vector<SubjectScore> one{{4, 0.5}, {4, 1.5}}, other{{5, 1}};
    QCOMPARE(*macro_average(one), (Estimate{.value = 1, .standard_error = 0, .subjects = 1}));
    QVERIFY(!paired_difference(one, other).has_value());
}

void TestBenchScores::pairsAreOfTheSameSubjects() {
    const std::vector<SubjectScore> a{{1, 0.8}, {2, 0.4}, {3, 1.0}};
    const std::vector<SubjectScore> b{{1, 0.5}, {2, 0.3}, {2, 0.1}, {9, 7.0}};
    const auto estimate = paired_difference(a, b); // 0.3 and 0.2
    QVERIFY(near(estimate->value, 0.25));
    QVERIFY(near(estimate->standard_error, 0.05));
    QCOMPARE(estimate->subjects, 2);
}

void TestBenchScores::errorsOfDifferenceAndRatio() {
    const Estimate a{.value = 0.6, .standard_error = 0.03, .subjects = 30};
    const Estimate b{.value = 0.8, .standard_error = 0.04, .subjects = 20};
    const auto less = difference(a, b);
    QVERIFY(near(less.value, -0.2));
    QVERIFY(near(less.standard_error, 0.05));
    QCOMPARE(less.subjects, 20);
    const auto share = ratio(a, b);
    QVERIFY(near(share.value, 0.75));
    // Each has a relative error of 5 %.
    QVERIFY(near(share.standard_error, 0.75 * 0.05 * std::sqrt(2.0)));
    QCOMPARE(ratio(a, Estimate{}).value, 0.0);
}

void TestBenchScores::standardErrorsOfNothing() {
    QVERIFY(near(in_standard_errors({.value = 0.2, .standard_error = 0.1, .subjects = 5}), 2));
    QCOMPARE(in_standard_errors({.value = 0, .standard_error = 0, .subjects = 1}), 0.0);
    QVERIFY(in_standard_errors({.value = 0.1, .standard_error = 0, .subjects = 1}) > 100);
    QVERIFY(in_standard_errors({.value = -0.1, .standard_error = 0, .subjects = 1}) < -100);
}

void TestBenchScores::correlations() {
    const std::vector<double> steps{0, 1, 2, 3}, squares{0, 1, 4, 9}, down{9, 4, 1, 0};
    QVERIFY(near(rank_correlation(steps, squares), 1));
    QVERIFY(near(rank_correlation(steps, down), -1));
    QVERIFY(near(correlation(steps, squares), 15 / std::sqrt(5.0 * 49.0)));
    // One swap among four: 1 - 6 * 2 / (4 * 15).
    const std::vector<double> swapped{0, 2, 1, 3};
    QVERIFY(near(rank_correlation(steps, swapped), 0.8));
    const std::vector<double> constant{1, 1, 1, 1};
    QCOMPARE(correlation(steps, constant), 0.0);
}

void TestBenchScores::decibels() {
    const std::vector<double> errors{0.004, 0.004};
    QVERIFY(near(psnr(errors).value, 30));
    QCOMPARE(psnr(errors).standard_error, 0.0);
    // The decibels of the mean error, not the mean of the decibels.
    const std::vector<double> unequal{0.0, 0.008};
    QVERIFY(near(psnr(unequal).value, 30));
    QVERIFY(near(psnr(unequal).standard_error, 10 / std::log(10.0)));
}

QTEST_APPLESS_MAIN(TestBenchScores)
#include "test_bench_scores.moc"
