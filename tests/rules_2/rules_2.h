#pragma once

#include "projections/rules/rules.h"

/// Versions of the rules that only tests know.  A program that links the library `rules_2` judges
/// by them instead of the shipped ones, which stay what version 1 is.  Version 2 differs by one
/// step, one guard and one scope:
///
///   step    T28: a dossier may be withdrawn after its appraisal, too
///   guard   a sheet below `total_without_evidence` needs a piece of evidence on the dossier (V12)
///   scope   a collective that nobody heads is everybody's
namespace rules_2 {

inline constexpr std::uint16_t total_without_evidence = 700;  ///< Tenths.

}  // namespace rules_2
