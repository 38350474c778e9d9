#pragma once

#include "projections/verification/log_verifier.h"
#include "projections/verification/projection_bytes.h"

/// The auditor verifies with the library that the server's backup uses, too.
namespace audit {

using verification::all_checks;
using verification::Check;
using verification::check_count;
using verification::CheckResult;
using verification::kind_of;
using verification::leaf_hashes_of;
using verification::Problem;
using verification::Progress;
using verification::projection_bytes;
using verification::Report;
using verification::verify_log;

}  // namespace audit
