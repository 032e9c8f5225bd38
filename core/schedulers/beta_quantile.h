#pragma once

namespace likeness {

// The value below which a beta distribution of those two shapes has the share p, 0 to 1: scipy's
// beta.ppf, the inverse of the regularised incomplete beta function. Shapes are positive.
double beta_quantile(double p, double a, double b);

} // namespace likeness
