#pragma once

#include "events/base/bounded.h"
#include "events/base/ids.h"
#include "events/base/text_limits.h"
#include "events/base/time.h"
#include "events/crypto/serialize.h"
#include "events/kinds/event_type.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace events {

/// The log begins.  Always position 1, on the system chain, made by the server when the first
/// administrator enrols with the founding code.
struct LogFounded {
  static constexpr EventType type = EventType::log_founded;
  static constexpr std::string_view kind_name = "LogFounded";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::log;
  static constexpr bool creates = true;
  LogId log;
  std::string origin;    ///< Name of the log in checkpoints, e.g. "titles.example/default".
  PublicKey server_key;  ///< Signs the system chain.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(log), BOUNDED_NVP(text_limits::log_origin, origin), CEREAL_NVP(server_key));
  }
};

/// From here on events are judged under `rules`.  Appended by the server when a newer build starts;
/// older rules stay as data, so that older verdicts can be judged again.
struct RulesAdopted {
  static constexpr EventType type = EventType::rules_adopted;
  static constexpr std::string_view kind_name = "RulesAdopted";
  static constexpr std::uint32_t schema = 2;
  static constexpr StreamKind stream = StreamKind::log;
  static constexpr bool creates = false;
  RulesVersion rules;
  /// Since schema 2.  The kinds of events, ascending, that move a dossier otherwise than under the
  /// rules before.  A device whose build lacks the new rules leaves them out of its fold.
  std::vector<std::uint16_t> moved_otherwise = {};

  std::uint32_t schema_needed() const { return moved_otherwise.empty() ? 1 : 2; }

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t version) {
    archive(CEREAL_NVP(rules));
    if (version >= 2) archive(BOUNDED_NVP(128, moved_otherwise));
  }
};

/// The log was restored from a backup that ended at `restored`, and took back from devices what it
/// had lost, up to `repaired`.  Appended by the server when that is over, first of all.  What stood
/// behind `repaired` before is given up: its devices push it again, to new positions.
struct LogRestored {
  static constexpr EventType type = EventType::log_restored;
  static constexpr std::string_view kind_name = "LogRestored";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::log;
  static constexpr bool creates = false;
  Position restored;
  Position repaired;
  Epoch before;  ///< Of the log that was lost, as far as the backup knew.
  Epoch after;   ///< Of what follows.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(restored), CEREAL_NVP(repaired), CEREAL_NVP(before), CEREAL_NVP(after));
  }
};

/// What is sealed for the server is sealed to `key` from here on, see
/// docs/offline_bundle_format.md. Appended by the server when it has a new key; it keeps the
/// secrets of the older ones.
struct SealingKeyPublished {
  static constexpr EventType type = EventType::sealing_key_published;
  static constexpr std::string_view kind_name = "SealingKeyPublished";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::log;
  static constexpr bool creates = false;
  SealingKey key;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(key));
  }
};

/// The times of receipt ran ahead of the true time: the server's clock was wrong when it wrote the
/// last of them.  From here on they go on from the right time, which the operator confirmed.
/// The server appends it when the operator confirms a clock; from another chain it is refused.
struct ClockCorrected {
  static constexpr EventType type = EventType::clock_corrected;
  static constexpr std::string_view kind_name = "ClockCorrected";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::log;
  static constexpr bool creates = false;
  Timestamp before;  ///< Time of receipt of the last event before.
  Timestamp after;   ///< The right time, earlier than `before`.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(before), CEREAL_NVP(after));
  }
};

}  // namespace events
