#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "projections/texts/problem_texts.h"
#include "server/session/http_api.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace server {

using projections::ProblemKind;

/// Positions of the log from `from` to `to`, both included.
struct PositionRange {
  events::Position from;
  events::Position to;
};

/// Why a request is not answered with what it asked for.
/// Format: RFC 9457, docs/api.md.
struct Problem {
  ProblemKind kind{};
  std::string detail;                             ///< English, about this request; no secrets.
  std::string field = {};                         ///< The parameter that is wrong; empty: none.
  std::vector<PositionRange> positions = {};      ///< What can be asked instead.
  std::string allow = {};                         ///< Methods, only with method_not_allowed.
  std::optional<std::uint32_t> retry_after = {};  ///< Seconds.
};

/// The status of HTTP for problems of this kind.
int status_of(ProblemKind kind);
/// The code under which the project knows such an error.
events::ErrorCode code_of(ProblemKind kind);
/// What a failure of the log is to a caller: the same sentence for everybody, see WireError.
Problem problem_of(const events::Error& error);

/// `application/problem+json` with type, title, status, detail, instance, code, field, title_vi.
/// `instance`: the path of the request.
ApiResponse respond(const Problem& problem, std::string_view instance);

}  // namespace server
