#include "server/backup/whole_log.h"

#include "events/log/stored_event.h"
#include "projections/verification/log_verifier.h"

#include <optional>
#include <utility>
#include <variant>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;

namespace {

/// The first of what is wrong, and how much more there is.
Error error_of(const verification::Report& report) {
  const std::uint64_t count = report.problem_count();
  if (count == 0) return {ErrorCode::storage_corrupt, "not everything could be checked"};
  const verification::Problem& first = report.problems().front();
  std::string message = "position " + std::to_string(first.first.value) + ": " + first.message;
  if (!first.kind.empty()) message += " (" + first.kind + ")";
  if (count > 1) message += "; " + std::to_string(count - 1) + " more, see khuyenhoc-audit verify";
  return {ErrorCode::storage_corrupt, std::move(message)};
}

}  // namespace

Result<LogName> name_of_log(const events::EventLog& log) {
  const Result<std::optional<events::Bytes>> first = log.block_at(Position{1});
  if (!first) return first.error();
  if (!*first) return Error{ErrorCode::not_found, "the log is not founded yet"};
  const Result<events::StoredEvent> stored = events::stored_event_at(**first, Position{1});
  if (!stored) return stored.error();
  const auto* const founded = std::get_if<events::LogFounded>(&stored->event.payload);
  if (founded == nullptr) {
    return Error{ErrorCode::storage_corrupt, "position 1: not the founding of a log"};
  }
  return LogName{founded->origin, founded->server_key};
}

Result<void> check_whole_log(const events::EventLog& log, const OnProgress& on_progress) {
  const std::uint64_t all = log.head().position.value;
  verification::Report report;
  verification::verify_log(log, {}, report, [&](Position position) {
    if (on_progress) on_progress("verify", position.value, all);
  });
  if (!report.verified()) return error_of(report);
  if (on_progress) on_progress("verify", all, all);
  return {};
}

}  // namespace server
