#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/log/event_log.h"
#include "server/base/entity_tags.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace server {

/// The place in a log that an answer speaks of.  Two logs, or two histories of one log, never have
/// the same place.
struct LogPlace {
  events::LogId log;
  events::Epoch epoch;
  events::Position position;
  /// First 8 bytes of the root behind the block that holds `position`; of the empty root at 0.
  std::uint64_t fingerprint{};
  events::Day day{};  ///< On which the server received that block, in Viet Nam; day 0 at 0.
};

/// Errors: log_diverged: `position` is beyond the head; those of EventLog::block_at().
events::Result<LogPlace> place_at(const events::EventLog& log, events::Position position);

/// "0a1b2c3d4e5f6071": 16 digits, as `khuyenhoc-audit` writes the beginning of a root.
std::string in_hex(std::uint64_t fingerprint);

/// Raised when the bytes of any answer change while the log does not.
inline constexpr std::uint32_t representation_revision = 1;

/// The strong entity tag of an answer, with its quotes: of the place, of what the reader may see,
/// and of what was asked.  It is known before the answer is made.
std::string etag_of(const LogPlace& place, const events::ReaderScope& scope,
                    std::string_view target);

}  // namespace server
