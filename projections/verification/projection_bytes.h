#pragma once

#include "events/base/bytes.h"
#include "projections/views/all_projections.h"

#include <optional>
#include <string_view>

namespace verification {

/// The bytes of the projection called `name`; nothing for names that this build does not know.
std::optional<events::Bytes> projection_bytes(std::string_view name,
                                              const projections::State& state,
                                              projections::Views& views);

}  // namespace verification
