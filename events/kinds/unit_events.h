#pragma once

#include "events/base/bounded.h"
#include "events/base/enum_table.h"
#include "events/base/ids.h"
#include "events/base/text_limits.h"
#include "events/base/time.h"
#include "events/kinds/event_type.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace events {

/// Loại đơn vị.  On disk for ever (domain.md appendix A).
enum class UnitKind : std::uint8_t {
  central = 1,          ///< trung ương
  province = 2,         ///< tỉnh
  city_central = 3,     ///< thành phố trực thuộc trung ương
  district = 4,         ///< huyện
  urban_district = 5,   ///< quận
  town_district = 6,    ///< thị xã
  city_provincial = 7,  ///< thành phố thuộc tỉnh
  commune = 8,          ///< xã
  ward = 9,             ///< phường
  township = 10,        ///< thị trấn
  special_zone = 11,    ///< đặc khu
  hamlet = 12,          ///< thôn, bản, ấp, tổ dân phố …
  holding = 13,         ///< chưa phân bổ: holds hamlets until it is known where they belong
};
template <>
struct EnumTable<UnitKind> {
  using enum UnitKind;
  static constexpr EnumRow<UnitKind> rows[] = {
      {central, "central"},
      {province, "province"},
      {city_central, "city_central"},
      {district, "district"},
      {urban_district, "urban_district"},
      {town_district, "town_district"},
      {city_provincial, "city_provincial"},
      {commune, "commune"},
      {ward, "ward"},
      {township, "township"},
      {special_zone, "special_zone"},
      {hamlet, "hamlet"},
      {holding, "holding"},
  };
};

enum class AreaType : std::uint8_t { unknown = 0, urban = 1, rural = 2, island = 3 };
template <>
struct EnumTable<AreaType> {
  using enum AreaType;
  static constexpr EnumRow<AreaType> rows[] = {
      {unknown, "unknown"},
      {urban, "urban"},
      {rural, "rural"},
      {island, "island"},
  };
};

/// A unit exists from a day on.  Identity is this event, never the code or the name: official codes
/// and names are reused by other units (domain.md 3.4, U1 and U7).
struct UnitCreated {
  static constexpr EventType type = EventType::unit_created;
  static constexpr std::string_view kind_name = "UnitCreated";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::unit;
  static constexpr bool creates = true;
  UnitKind kind{};
  UnitId parent;              ///< None for the topmost unit.
  std::string name;           ///< With its type, e.g. "Xã Nà Tấu"; UTF-8, NFC.
  std::string official_code;  ///< As published, e.g. "03316"; empty for hamlets.
  AreaType area{};
  Day valid_from;
  std::string basis;  ///< Document that created it, as written; may be empty.

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(kind), CEREAL_NVP(parent), BOUNDED_NVP(text_limits::unit_name, name),
            BOUNDED_NVP(text_limits::unit_code, official_code), CEREAL_NVP(area),
            CEREAL_NVP(valid_from), BOUNDED_NVP(text_limits::basis, basis));
  }
};

/// A unit has another name, code, parent or kind from a day on and stays the same unit (U2).
struct UnitRenamed {
  static constexpr EventType type = EventType::unit_renamed;
  static constexpr std::string_view kind_name = "UnitRenamed";
  static constexpr std::uint32_t schema = 2;
  static constexpr StreamKind stream = StreamKind::unit;
  static constexpr bool creates = false;
  UnitId unit;
  std::string name;
  std::string official_code;
  UnitId parent;
  Day valid_from;
  std::string basis;
  std::optional<UnitKind> kind = {};  ///< Since schema 2; none: as before.
  std::optional<AreaType> area = {};  ///< Since schema 2; none: as before.

  std::uint32_t schema_needed() const { return kind || area ? 2 : 1; }

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t version) {
    archive(CEREAL_NVP(unit), BOUNDED_NVP(text_limits::unit_name, name),
            BOUNDED_NVP(text_limits::unit_code, official_code), CEREAL_NVP(parent),
            CEREAL_NVP(valid_from), BOUNDED_NVP(text_limits::basis, basis));
    if (version >= 2) archive(CEREAL_NVP(kind), CEREAL_NVP(area));
  }
};

/// A unit ended: `closed_from` is the first day on which it no longer exists (merge, abolition).
struct UnitClosed {
  static constexpr EventType type = EventType::unit_closed;
  static constexpr std::string_view kind_name = "UnitClosed";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::unit;
  static constexpr bool creates = false;
  UnitId unit;
  Day closed_from;
  std::vector<UnitId> successors;
  std::string basis;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(unit), CEREAL_NVP(closed_from), BOUNDED_NVP(32, successors),
            BOUNDED_NVP(text_limits::basis, basis));
  }
};

/// What becomes of one unit, or of a part of it.
struct UnitsChangeRow {
  UnitId from;
  UnitId to;  ///< Of the same level; districts may also go into the province above them.
  /// Hamlets of `from` that go to `to`.  None: the whole unit ends, and what no other row names
  /// goes to `to`, its heir.
  std::vector<UnitId> hamlets;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(from), CEREAL_NVP(to), BOUNDED_NVP(256, hamlets));
  }
};

/// A decree: units end, and what lies in them lies elsewhere from a day on, as one fact (merge,
/// split, abolition).  The units that are new were created before, from the same day on.  Hamlets
/// of which the decree does not say where they go lie in a holding unit until it is known.
struct UnitsChanged {
  static constexpr EventType type = EventType::units_changed;
  static constexpr std::string_view kind_name = "UnitsChanged";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::unit;
  static constexpr bool creates = true;
  std::string basis;  ///< The decree, as written.
  Day effective;      ///< The first day on which it holds.
  std::vector<UnitsChangeRow> rows;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(BOUNDED_NVP(text_limits::basis, basis), CEREAL_NVP(effective), BOUNDED_NVP(128, rows));
  }
};

/// Loại tổ chức.  On disk for ever.
enum class OrganisationKind : std::uint8_t {
  association = 1,  ///< Hội Khuyến học
  committee = 2,    ///< Ủy ban nhân dân
  branch = 3,       ///< Chi hội khuyến học
  board = 4,        ///< Ban khuyến học
};
template <>
struct EnumTable<OrganisationKind> {
  using enum OrganisationKind;
  static constexpr EnumRow<OrganisationKind> rows[] = {
      {association, "association"},
      {committee, "committee"},
      {branch, "branch"},
      {board, "board"},
  };
};

/// An association, committee, branch or board that issues lists and decisions.
struct OrganisationEstablished {
  static constexpr EventType type = EventType::organisation_established;
  static constexpr std::string_view kind_name = "OrganisationEstablished";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::organisation;
  static constexpr bool creates = true;
  OrganisationKind kind{};
  UnitId unit;  ///< Where it sits.
  std::string name;
  Day valid_from;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(kind), CEREAL_NVP(unit), BOUNDED_NVP(text_limits::organisation_name, name),
            CEREAL_NVP(valid_from));
  }
};

}  // namespace events
