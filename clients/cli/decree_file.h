#pragma once

#include "clients/cli/session.h"
#include "clients/core/acts/decree.h"

#include <string_view>
#include <vector>

namespace clients {

struct DecreeFile {
  std::vector<acts::DecreeLine> lines;
  std::vector<BadLine> bad;
};

/// Reads what becomes of units from a day on, and finds the units: the old ones and their hamlets
/// as they were on the day before, the new ones as they are on the day.  A code or name that the
/// new unit took over from one that ends means the new one there.
///
/// Format:  read_csv(); the first line is "from,to,hamlets"; units by id, code or name; the hamlets
///          with ";" between them, none: the whole unit ends and the rest of it goes to `to`.
/// Errors:  invalid_argument: not such a file at all; as Session::device().
events::Result<DecreeFile> read_decree_file(Session& session, std::string_view content,
                                            events::Day effective);

}  // namespace clients
