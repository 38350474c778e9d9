#include "projections/texts/catalogue.h"

// The names of what a log is about: titles, subjects, units, organisations and roles.
namespace projections {

// Tables: one value a row, Vietnamese and English.
// clang-format off

const EnumTexts& texts_of(events::TitleKind /*any*/) {
  using enum events::TitleKind;
  static constexpr TextRow rows[] = {
      {learning_citizen, "Công dân học tập", "learning citizen"},
      {learning_family, "Gia đình học tập", "learning family"},
      {learning_clan, "Dòng họ học tập", "learning clan"},
      {learning_community_hamlet, "Cộng đồng học tập", "learning community"},
      {learning_community_commune, "Cộng đồng học tập cấp xã", "learning community of a commune"},
      {learning_unit_commune, "Đơn vị học tập", "learning unit"},
  };
  static_assert(cover<events::TitleKind>(rows));
  static constexpr EnumTexts texts{{"Danh hiệu", "Title"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::SubjectKind /*any*/) {
  using enum events::SubjectKind;
  static constexpr TextRow rows[] = {
      {person, "người", "person"},
      {collective, "tập thể", "collective"},
  };
  static_assert(cover<events::SubjectKind>(rows));
  static constexpr EnumTexts texts{{"Loại đối tượng", "Kind of subject"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::CollectiveKind /*any*/) {
  using enum events::CollectiveKind;
  static constexpr TextRow rows[] = {
      {household, "hộ gia đình", "household"},
      {clan, "dòng họ", "clan"},
      {hamlet, "cộng đồng thôn, bản, tổ dân phố", "community of a hamlet or neighbourhood"},
      {unit, "cơ quan, đơn vị", "agency or other work unit"},
  };
  static_assert(cover<events::CollectiveKind>(rows));
  static constexpr EnumTexts texts{{"Loại tập thể", "Kind of collective"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::GroupCode /*any*/) {
  using enum events::GroupCode;
  static constexpr TextRow rows[] = {
      {none, "tập thể", "collective"},
      {farmer_rural, "nông dân, lao động nông thôn", "farmers, rural workers"},
      {worker_craft,
       "công nhân, thợ thủ công, lao động dịch vụ",
       "workers, craftspeople, service workers"},
      {official_entrepreneur,
       "cán bộ, công chức, viên chức, doanh nhân",
       "officials, public employees, entrepreneurs"},
      {learner, "người học", "learners"},
      {pilot_college_plus,
       "người có trình độ cao đẳng trở lên (thí điểm)",
       "people with a college degree or more (pilot)"},
      {pilot_trader, "người kinh doanh, buôn bán (thí điểm)", "business people, traders (pilot)"},
  };
  static_assert(cover<events::GroupCode>(rows));
  static constexpr EnumTexts texts{{"Nhóm đối tượng", "Population group"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::Gender /*any*/) {
  using enum events::Gender;
  static constexpr TextRow rows[] = {
      {unspecified, "không ghi", "not recorded"},
      {male, "nam", "male"},
      {female, "nữ", "female"},
  };
  static_assert(cover<events::Gender>(rows));
  static constexpr EnumTexts texts{{"Giới tính", "Gender"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::AgeBand /*any*/) {
  using enum events::AgeBand;
  static constexpr TextRow rows[] = {
      {unknown, "chưa rõ tuổi", "age not known"},
      {under_15, "dưới 15 tuổi", "under 15"},
      {from_15_to_24, "từ 15 đến 24 tuổi", "15 to 24"},
      {from_25_to_34, "từ 25 đến 34 tuổi", "25 to 34"},
      {from_35_to_44, "từ 35 đến 44 tuổi", "35 to 44"},
      {from_45_to_59, "từ 45 đến 59 tuổi", "45 to 59"},
      {from_60_to_79, "từ 60 đến 79 tuổi", "60 to 79"},
      {from_80, "từ 80 tuổi trở lên", "80 and older"},
  };
  static_assert(cover<events::AgeBand>(rows));
  static constexpr EnumTexts texts{{"Nhóm tuổi", "Age band"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::UnitKind /*any*/) {
  using enum events::UnitKind;
  static constexpr TextRow rows[] = {
      {central, "trung ương", "central level"},
      {province, "tỉnh", "province"},
      {city_central, "thành phố trực thuộc trung ương", "city under central government"},
      {district, "huyện", "rural district"},
      {urban_district, "quận", "urban district"},
      {town_district, "thị xã", "town of district level"},
      {city_provincial, "thành phố thuộc tỉnh", "city of a province"},
      {commune, "xã", "commune"},
      {ward, "phường", "ward"},
      {township, "thị trấn", "township"},
      {special_zone, "đặc khu", "special zone"},
      {hamlet, "thôn, bản, tổ dân phố", "hamlet, village or neighbourhood"},
      {holding, "chưa phân bổ", "not allocated yet"},
  };
  static_assert(cover<events::UnitKind>(rows));
  static constexpr EnumTexts texts{{"Loại đơn vị", "Kind of unit"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::AreaType /*any*/) {
  using enum events::AreaType;
  static constexpr TextRow rows[] = {
      {unknown, "chưa rõ", "not known"},
      {urban, "thành thị", "urban"},
      {rural, "nông thôn", "rural"},
      {island, "hải đảo", "island"},
  };
  static_assert(cover<events::AreaType>(rows));
  static constexpr EnumTexts texts{{"Khu vực", "Area"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::OrganisationKind /*any*/) {
  using enum events::OrganisationKind;
  static constexpr TextRow rows[] = {
      {association, "Hội Khuyến học", "study promotion association"},
      {committee, "Ủy ban nhân dân", "people's committee"},
      {branch, "Chi hội khuyến học", "study promotion branch"},
      {board, "Ban khuyến học", "study promotion board"},
  };
  static_assert(cover<events::OrganisationKind>(rows));
  static constexpr EnumTexts texts{{"Loại tổ chức", "Kind of organisation"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::Role /*any*/) {
  using enum events::Role;
  static constexpr TextRow rows[] = {
      {registrar, "quản trị hệ thống", "system registrar"},
      {proxy_entrant, "người nhập thay", "proxy who enters for others"},
      {branch_head, "chi hội trưởng khuyến học", "head of the study promotion branch"},
      {hamlet_head, "trưởng thôn, tổ trưởng tổ dân phố", "head of the hamlet or neighbourhood"},
      {unit_board,
       "ban khuyến học cơ quan, trường học",
       "study promotion board of an agency or school"},
      {clan_board, "ban khuyến học dòng họ", "study promotion board of a clan"},
      {commune_clerk,
       "văn thư, công chức văn hóa – xã hội cấp xã",
       "commune clerk or officer for culture and society"},
      {commune_assoc_chair,
       "chủ tịch Hội Khuyến học cấp xã",
       "chair of the commune study promotion association"},
      {appraiser, "thành viên hội đồng thẩm định", "member of the appraisal council"},
      {signer, "người ký quyết định", "signer of decisions"},
      {district_assoc, "cán bộ Hội Khuyến học cấp huyện", "officer of the district association"},
      {province_assoc, "cán bộ Hội Khuyến học cấp tỉnh", "officer of the province association"},
      {central_assoc, "cán bộ Hội Khuyến học Việt Nam", "officer of the national association"},
      {auditor, "cán bộ kiểm tra, giám sát", "auditor"},
      {device_admin, "quản trị thiết bị", "device administrator"},
  };
  static_assert(cover<events::Role>(rows));
  static constexpr EnumTexts texts{{"Vai trò", "Role"}, rows};
  return texts;
}

const EnumTexts& texts_of(events::StreamKind /*any*/) {
  using enum events::StreamKind;
  static constexpr TextRow rows[] = {
      {log, "sổ", "log"},
      {unit, "đơn vị hành chính", "unit"},
      {organisation, "tổ chức", "organisation"},
      {criteria, "bộ tiêu chí", "criteria set"},
      {cycle, "đợt xét", "cycle"},
      {access, "vai trò, thiết bị", "roles and devices"},
      {subject, "người", "person"},
      {collective, "tập thể", "collective"},
      {dossier, "hồ sơ", "dossier"},
      {document, "văn bản, danh sách", "document"},
      {meeting, "cuộc họp bình xét", "review meeting"},
  };
  static_assert(cover<events::StreamKind>(rows));
  static constexpr EnumTexts texts{{"Loại dòng việc", "Kind of stream"}, rows};
  return texts;
}

// clang-format on

}  // namespace projections
