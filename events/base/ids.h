#pragma once

#include "events/base/enum_table.h"
#include "events/base/text_archive.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace events {

/// A number that cannot be mistaken for another kind of number.
/// Format:  one varint.
template <class Tag, class Value>
struct Id {
  Value value{};

  constexpr Id() = default;
  constexpr explicit Id(Value number) : value(number) {}
  auto operator<=>(const Id&) const = default;

  template <class Archive>
  Value save_minimal(const Archive& /*archive*/) const {
    return value;
  }
  template <class Archive>
  void load_minimal(const Archive& /*archive*/, const Value& number) {
    value = number;
  }
};

/// The place of an event in its log, from 1 without gaps.  0 means "before the first event".
using Position = Id<struct PositionTag, std::uint64_t>;
/// The number of a log, 1 by default and never 0.  The operator chooses it when the log is founded;
/// in the end each province is to have a log of its own.
using LogId = Id<struct LogIdTag, std::uint32_t>;
/// The number of a chain, unique in its log, below 2^24.  The server assigns it at enrolment, and a
/// further one when a device continues on a new chain.  1 is the server's own chain.
using ChainNumber = Id<struct ChainNumberTag, std::uint32_t>;
/// The generation of a log.  It rises when a server is restored from a backup.
using Epoch = Id<struct EpochTag, std::uint32_t>;
/// The version of the rules (workflow and judging) under which an event was checked or judged.
using RulesVersion = Id<struct RulesVersionTag, std::uint32_t>;

inline constexpr ChainNumber system_chain{1};
inline constexpr std::uint32_t chain_number_max = (1U << 24U) - 1;
inline constexpr std::uint64_t sequence_max = (1ULL << 40U) - 1;

/// The name of an event for ever: its chain and its number in that chain, from 1.  The id of a
/// person, a unit or a dossier is the id of the event that created it.
/// Format:  two varints, chain and seq; in JSON the text "chain.seq".  (0, 0) means "none".
class EventId {
 public:
  constexpr EventId() = default;
  /// Expects: chain ≤ chain_number_max, seq ≤ sequence_max; the archives refuse greater numbers.
  constexpr EventId(ChainNumber chain, std::uint64_t seq)
      : packed_((std::uint64_t{chain.value} << 40U) | seq) {}

  constexpr ChainNumber chain() const {
    return ChainNumber{static_cast<std::uint32_t>(packed_ >> 40U)};
  }
  constexpr std::uint64_t seq() const { return packed_ & sequence_max; }
  constexpr bool is_none() const { return packed_ == 0; }
  /// chain × 2^40 + seq: an order, and a key for tables in memory and in a device's store.  It is
  /// never in an event or a frame.
  constexpr std::uint64_t key() const { return packed_; }
  auto operator<=>(const EventId&) const = default;

  // Version 14 of clang-format breaks requires clauses.
  // clang-format off
  template <class Archive>
    requires(!is_text_archive<Archive>)
  void save(Archive& archive) const {
    archive(chain(), seq());
  }
  template <class Archive>
    requires(!is_text_archive<Archive>)
  void load(Archive& archive) {
    ChainNumber chain;
    std::uint64_t seq = 0;
    archive(chain, seq);
    archive.expect(chain.value <= chain_number_max && seq <= sequence_max, "event id out of range");
    archive.expect((chain.value == 0) == (seq == 0), "half an event id");
    *this = EventId{chain, seq};
  }
  template <class Archive>
    requires is_text_archive<Archive>
  std::string save_minimal(const Archive& /*archive*/) const {
    return to_string(*this);
  }

  /// "chain.seq" in decimal, "-" for none.
  friend std::string to_string(const EventId& id);
  /// Throws: cereal::Exception when `text` is not of that form.
  static EventId parse_or_throw(const std::string& text);

 private:
  std::uint64_t packed_ = 0;
};

std::string to_string(const EventId& id);

/// The id of a thing of one kind, for example of a person.  Its bytes are those of the id of the
/// event that created the thing.
template <class Tag>
struct EntityId {
  EventId event;

  constexpr EntityId() = default;
  constexpr explicit EntityId(EventId creator) : event(creator) {}
  constexpr bool is_none() const { return event.is_none(); }
  constexpr std::uint64_t key() const { return event.key(); }
  auto operator<=>(const EntityId&) const = default;

  template <class Archive>
    requires(!is_text_archive<Archive>)
  void save(Archive& archive) const {
    event.save(archive);
  }
  template <class Archive>
    requires(!is_text_archive<Archive>)
  void load(Archive& archive) {
    event.load(archive);
  }
  template <class Archive>
    requires is_text_archive<Archive>
  std::string save_minimal(const Archive& /*archive*/) const {
    return to_string(event);
  }
  // clang-format on
};

template <class Tag>
std::string to_string(const EntityId<Tag>& id) {
  return to_string(id.event);
}

using PersonId = EntityId<struct PersonTag>;          ///< công dân, cán bộ
using CollectiveId = EntityId<struct CollectiveTag>;  ///< hộ, dòng họ, cộng đồng, đơn vị
using UnitId = EntityId<struct UnitTag>;              ///< đơn vị hành chính; none = whole log
using OrganisationId = EntityId<struct OrganisationTag>;  ///< tổ chức Hội, ủy ban
using CriteriaId = EntityId<struct CriteriaTag>;          ///< bộ tiêu chí, one version of it
using CycleId = EntityId<struct CycleTag>;                ///< đợt, năm xét
using RoleGrantId = EntityId<struct RoleGrantTag>;        ///< giao vai trò
using OfferId = EntityId<struct OfferTag>;                ///< mã mời thiết bị
using DeviceId = EntityId<struct DeviceTag>;              ///< thiết bị
using DossierId = EntityId<struct DossierTag>;            ///< hồ sơ
using MeetingId = EntityId<struct MeetingTag>;            ///< cuộc họp bình xét
using ListId = EntityId<struct ListTag>;                  ///< tờ trình kèm danh sách
using DecisionId = EntityId<struct DecisionTag>;          ///< quyết định

/// What a stream is about.  On disk for ever.
enum class StreamKind : std::uint8_t {
  log = 1,
  unit = 2,
  organisation = 3,
  criteria = 4,
  cycle = 5,
  access = 6,
  subject = 7,
  collective = 8,
  dossier = 9,
  document = 10,
  meeting = 11,
};
template <>
struct EnumTable<StreamKind> {
  using enum StreamKind;
  static constexpr EnumRow<StreamKind> rows[] = {
      {log, "log"},
      {unit, "unit"},
      {organisation, "organisation"},
      {criteria, "criteria"},
      {cycle, "cycle"},
      {access, "access"},
      {subject, "subject"},
      {collective, "collective"},
      {dossier, "dossier"},
      {document, "document"},
      {meeting, "meeting"},
  };
};

/// The thing that an event happened to.  An event that creates a thing has its own id here, since
/// this is the id of the new thing.
struct StreamId {
  StreamKind kind{};
  EventId id;

  auto operator<=>(const StreamId&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(kind), CEREAL_NVP(id));
  }
};

}  // namespace events

template <>
struct std::hash<events::EventId> {
  std::size_t operator()(const events::EventId& id) const noexcept {
    return static_cast<std::size_t>(id.key() * 0x9E3779B97F4A7C15ULL >> 16U);
  }
};
