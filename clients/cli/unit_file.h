#pragma once

#include "clients/core/acts/unit_import.h"
#include "events/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace clients {

struct UnitFile {
  std::vector<UnitLine> lines;
  std::vector<BadLine> bad;
};

/// Reads a unit file: UTF-8, values separated by commas, in quotes when they hold one.  Letters are
/// brought to NFC: some programs write "ã" as two characters.
///
/// Format:  the first line is "code,name,kind,parent_code,area,valid_from"; the kinds and areas are
///          written as on the command line; hamlets without an official code may use any code that
///          is unique in the file and begins with "-".  Official codes have as many digits as those
///          of their level: provinces 2, districts 3, communes 5; spreadsheets drop the zeros in
///          front.
/// Errors:  invalid_argument: not such a file at all.
events::Result<UnitFile> read_unit_file(std::string_view content);

/// How many digits the official code of a unit of that kind has; 0: it has none, or any.
std::size_t code_digits_of(events::UnitKind kind);

}  // namespace clients
