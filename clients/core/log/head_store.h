#pragma once

#include "clients/core/log/store.h"
#include "events/base/bounded.h"
#include "events/base/enum_table.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/log/scope_sum.h"
#include "events/protocol/head_evidence.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clients {

/// What a log did that an honest log never does.
enum class AlarmKind : std::uint8_t {
  rolled_back = 1,  ///< It ended, in the same epoch, before a place that it had signed.
  forked = 2,       ///< It signed two histories.
  withheld = 3,  ///< It kept from the device what belongs to its scope, or showed something else.
  disowned = 4,  ///< It does not know a place that it had signed.
  unexplained = 5,  ///< A later epoch, and nothing in the log that says why.
};

}  // namespace clients

template <>
struct events::EnumTable<clients::AlarmKind> {
  using enum clients::AlarmKind;
  static constexpr EnumRow<clients::AlarmKind> rows[] = {
      {rolled_back, "rolled_back"}, {forked, "forked"},           {withheld, "withheld"},
      {disowned, "disowned"},       {unexplained, "unexplained"},
  };
};

namespace clients {

/// What the device keeps of it for the auditor.
struct LogAlarm {
  AlarmKind kind{};
  events::Timestamp noticed_at;  ///< Device clock.
  /// What the log had said before, and what it says now; the first is empty where the device's own
  /// count is what contradicts.
  events::protocol::HeadEvidence before;
  events::protocol::HeadEvidence now;
  events::ReaderSum counted;  ///< By the device; with `withheld` only.

  bool operator==(const LogAlarm&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(kind, noticed_at, before, now, counted);
    archive.expect(events::is_known(kind), "an alarm of an unknown kind");
  }
};

/// The heads that the log has signed for this device: the newest of each epoch, for ever.  Whatever
/// the log says later is compared with them; what contradicts them is an alarm, which stays.
///
/// Thread: one at a time.
class HeadStore {
 public:
  /// Epochs that are remembered, and alarms.
  static constexpr std::size_t epochs_max = 256;
  static constexpr std::size_t alarms_max = 32;

  static events::Result<HeadStore> load(const ClientStore& store);

  /// Whether the log has signed another root for the place that `claim` names.
  bool is_forked(const events::protocol::HeadClaim& claim) const;
  /// Whether a log that ends at `head` of `epoch` now is an older copy of what it was.
  bool has_gone_back(events::Epoch epoch, events::Position head) const;
  /// The newest of the latest epoch; null: none yet.
  const events::protocol::HeadEvidence* newest() const;
  std::optional<events::protocol::HeadClaim> newest_claim() const;
  /// The newest of that epoch; null: none.
  const events::protocol::HeadEvidence* of_epoch(events::Epoch epoch) const;
  const std::vector<LogAlarm>& alarms() const { return alarms_; }

  /// Settings that make the book one with `evidence`, to be written before take(); nothing when it
  /// says nothing new.
  std::vector<std::pair<std::string, std::string>> with(
      const events::protocol::HeadEvidence& evidence,
      const events::protocol::HeadClaim& claim) const;
  void take(const events::protocol::HeadEvidence& evidence,
            const events::protocol::HeadClaim& claim);
  /// The same of an alarm.  An alarm that says what another one says is not kept twice.
  std::vector<std::pair<std::string, std::string>> with(const LogAlarm& alarm) const;
  void take(const LogAlarm& alarm);

 private:
  struct Entry {
    events::protocol::HeadEvidence evidence;
    events::protocol::HeadClaim claim;
  };
  bool is_news(const events::protocol::HeadClaim& claim) const;
  bool is_known(const LogAlarm& alarm) const;

  std::vector<Entry> heads_;  // Ascending by epoch.
  std::vector<LogAlarm> alarms_;
};

}  // namespace clients
