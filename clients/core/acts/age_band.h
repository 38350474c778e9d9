#pragma once

#include "events/base/time.h"
#include "events/kinds/titles.h"

namespace clients {

/// The age band on `day` of somebody born then; unknown when the parts of the birth date that are
/// known leave more than one band possible.
events::AgeBand age_band_on(const events::PartialDate& birth, events::Day day);

}  // namespace clients
