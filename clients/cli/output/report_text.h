#pragma once

#include "clients/cli/output/table.h"
#include "projections/reports/reports.h"

#include <cstddef>
#include <optional>

namespace clients {

/// A report as it is shown on a screen: as on paper where that fits into `columns`, otherwise with
/// its table made narrower and its other lines wrapped.
Lines report_lines(const projections::Table& report, std::optional<std::size_t> columns);

}  // namespace clients
