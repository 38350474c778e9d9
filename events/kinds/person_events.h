#pragma once

#include "events/base/bounded.h"
#include "events/base/ids.h"
#include "events/crypto/serialize.h"
#include "events/kinds/event_type.h"
#include "events/kinds/titles.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace events {

/// A person is known to the log: a citizen, an officer, often both.  Name, birth date, numbers and
/// ethnicity are in the private record only; what statistics need for ever is here.
struct PersonIntroduced {
  static constexpr EventType type = EventType::person_introduced;
  static constexpr std::string_view kind_name = "PersonIntroduced";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::subject;
  static constexpr bool creates = true;
  UnitId home_unit;        ///< Hamlet or commune; none only for the founding administrator.
  CollectiveId household;  ///< None when not recorded.
  Gender gender{};
  AgeBand age_band{};                    ///< On the day of registration.
  std::optional<Digest> private_digest;  ///< PersonRecord.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(home_unit), CEREAL_NVP(household), CEREAL_NVP(gender), CEREAL_NVP(age_band),
            CEREAL_NVP(private_digest));
  }
};

/// A household, clan, hamlet community or unit that can hold a title.
struct CollectiveIntroduced {
  static constexpr EventType type = EventType::collective_introduced;
  static constexpr std::string_view kind_name = "CollectiveIntroduced";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::collective;
  static constexpr bool creates = true;
  CollectiveKind kind{};
  UnitId home_unit;
  PersonId head;                         ///< None when not recorded.
  std::uint32_t member_count{};          ///< People in it; 0 when not recorded.
  std::optional<Digest> private_digest;  ///< CollectiveRecord: its name.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(kind), CEREAL_NVP(home_unit), CEREAL_NVP(head), CEREAL_NVP(member_count),
            CEREAL_NVP(private_digest));
  }
};

}  // namespace events
