#pragma once

#include "events/base/enum_table.h"

#include <cstdint>

namespace events {

/// Danh hiệu.  On disk for ever (domain.md appendix A).
enum class TitleKind : std::uint8_t {
  learning_citizen = 1,            ///< Công dân học tập
  learning_family = 2,             ///< Gia đình học tập
  learning_clan = 3,               ///< Dòng họ học tập
  learning_community_hamlet = 4,   ///< Cộng đồng học tập (thôn, bản, tổ dân phố)
  learning_community_commune = 5,  ///< Cộng đồng học tập cấp xã
  learning_unit_commune = 8,       ///< Đơn vị học tập thuộc xã
};
template <>
struct EnumTable<TitleKind> {
  using enum TitleKind;
  static constexpr EnumRow<TitleKind> rows[] = {
      {learning_citizen, "learning_citizen"},
      {learning_family, "learning_family"},
      {learning_clan, "learning_clan"},
      {learning_community_hamlet, "learning_community_hamlet"},
      {learning_community_commune, "learning_community_commune"},
      {learning_unit_commune, "learning_unit_commune"},
  };
};

/// What a title is given to.
enum class CollectiveKind : std::uint8_t {
  household = 1,  ///< hộ gia đình
  clan = 2,       ///< dòng họ
  hamlet = 3,     ///< cộng đồng thôn, bản, tổ dân phố
  unit = 4,       ///< cơ quan, trường học, doanh nghiệp, hợp tác xã …
};
template <>
struct EnumTable<CollectiveKind> {
  using enum CollectiveKind;
  static constexpr EnumRow<CollectiveKind> rows[] = {
      {household, "household"},
      {clan, "clan"},
      {hamlet, "hamlet"},
      {unit, "unit"},
  };
};

enum class Gender : std::uint8_t { unspecified = 0, male = 1, female = 2 };
template <>
struct EnumTable<Gender> {
  using enum Gender;
  static constexpr EnumRow<Gender> rows[] = {
      {unspecified, "unspecified"},
      {male, "male"},
      {female, "female"},
  };
};

/// Age band on the cycle's reference day (tables B04); statistics need it for ever.
enum class AgeBand : std::uint8_t {
  unknown = 0,
  under_15 = 1,
  from_15_to_24 = 2,
  from_25_to_34 = 3,
  from_35_to_44 = 4,
  from_45_to_59 = 5,
  from_60_to_79 = 6,
  from_80 = 7,
};
template <>
struct EnumTable<AgeBand> {
  using enum AgeBand;
  static constexpr EnumRow<AgeBand> rows[] = {
      {unknown, "unknown"},     {under_15, "under_15"},   {from_15_to_24, "15-24"},
      {from_25_to_34, "25-34"}, {from_35_to_44, "35-44"}, {from_45_to_59, "45-59"},
      {from_60_to_79, "60-79"}, {from_80, "80+"},
  };
};

/// Population groups with their own variant of the criteria (domain.md 2.4).
enum class GroupCode : std::uint8_t {
  none = 0,                   ///< collectives
  farmer_rural = 1,           ///< nông dân, lao động nông thôn
  worker_craft = 2,           ///< công nhân, thợ thủ công, lao động dịch vụ
  official_entrepreneur = 3,  ///< cán bộ, công chức, viên chức, doanh nhân
  learner = 4,                ///< người học
  pilot_college_plus = 5,     ///< thí điểm: trình độ cao đẳng trở lên
  pilot_trader = 6,           ///< thí điểm: kinh doanh, buôn bán
};
template <>
struct EnumTable<GroupCode> {
  using enum GroupCode;
  static constexpr EnumRow<GroupCode> rows[] = {
      {none, "none"},
      {farmer_rural, "farmer_rural"},
      {worker_craft, "worker_craft"},
      {official_entrepreneur, "official_entrepreneur"},
      {learner, "learner"},
      {pilot_college_plus, "pilot_college_plus"},
      {pilot_trader, "pilot_trader"},
  };
};

}  // namespace events
