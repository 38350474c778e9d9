#pragma once

#include "server/commit/admission.h"
#include "server/commit/pipeline.h"

namespace server {

/// As Pipeline::admit(), while nobody vouches for `now`: a reader whose rights have changed since
/// the last receipt is not let in.  By a clock that ran years ahead its roles would be over, and it
/// would destroy what it holds.
/// Errors: those of Pipeline::admit(); server_clock.
events::Result<Admission> admit_unvouched(Pipeline& pipeline, events::ChainNumber chain,
                                          events::Timestamp now);

}  // namespace server
