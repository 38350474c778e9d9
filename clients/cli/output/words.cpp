#include "clients/cli/output/words.h"

#include "clients/cli/output/choice.h"

#include <array>
#include <utility>
#include <vector>

namespace clients {
namespace {

template <class Enum>
using Word = std::pair<std::string_view, Enum>;

/// Specialised below for each enumeration that has words.
template <class Enum>
struct Words;

template <>
struct Words<events::Role> {
  static constexpr std::string_view noun = "Vai trò";
  using enum events::Role;
  static constexpr std::array table = {
      Word<events::Role>{"registrar", registrar},
      Word<events::Role>{"proxy_entrant", proxy_entrant},
      Word<events::Role>{"branch_head", branch_head},
      Word<events::Role>{"hamlet_head", hamlet_head},
      Word<events::Role>{"unit_board", unit_board},
      Word<events::Role>{"clan_board", clan_board},
      Word<events::Role>{"commune_clerk", commune_clerk},
      Word<events::Role>{"commune_assoc_chair", commune_assoc_chair},
      Word<events::Role>{"appraiser", appraiser},
      Word<events::Role>{"signer", signer},
      Word<events::Role>{"district_assoc", district_assoc},
      Word<events::Role>{"province_assoc", province_assoc},
      Word<events::Role>{"central_assoc", central_assoc},
      Word<events::Role>{"auditor", auditor},
      Word<events::Role>{"device_admin", device_admin},
  };
};

template <>
struct Words<events::UnitKind> {
  static constexpr std::string_view noun = "Loại đơn vị";
  using enum events::UnitKind;
  static constexpr std::array table = {
      Word<events::UnitKind>{"central", central},
      Word<events::UnitKind>{"province", province},
      Word<events::UnitKind>{"city_central", city_central},
      Word<events::UnitKind>{"district", district},
      Word<events::UnitKind>{"urban_district", urban_district},
      Word<events::UnitKind>{"town_district", town_district},
      Word<events::UnitKind>{"city_provincial", city_provincial},
      Word<events::UnitKind>{"commune", commune},
      Word<events::UnitKind>{"ward", ward},
      Word<events::UnitKind>{"township", township},
      Word<events::UnitKind>{"special_zone", special_zone},
      Word<events::UnitKind>{"hamlet", hamlet},
  };
};

template <>
struct Words<events::AreaType> {
  static constexpr std::string_view noun = "Khu vực";
  static constexpr std::array table = {
      Word<events::AreaType>{"unknown", events::AreaType::unknown},
      Word<events::AreaType>{"urban", events::AreaType::urban},
      Word<events::AreaType>{"rural", events::AreaType::rural},
      Word<events::AreaType>{"island", events::AreaType::island},
  };
};

template <>
struct Words<events::OrganisationKind> {
  static constexpr std::string_view noun = "Loại tổ chức";
  using enum events::OrganisationKind;
  static constexpr std::array table = {
      Word<events::OrganisationKind>{"association", association},
      Word<events::OrganisationKind>{"committee", committee},
      Word<events::OrganisationKind>{"branch", branch},
      Word<events::OrganisationKind>{"board", board},
  };
};

template <>
struct Words<events::TitleKind> {
  static constexpr std::string_view noun = "Danh hiệu";
  using enum events::TitleKind;
  static constexpr std::array table = {
      Word<events::TitleKind>{"learning_citizen", learning_citizen},
      Word<events::TitleKind>{"learning_family", learning_family},
      Word<events::TitleKind>{"learning_clan", learning_clan},
      Word<events::TitleKind>{"learning_community_hamlet", learning_community_hamlet},
      Word<events::TitleKind>{"learning_community_commune", learning_community_commune},
      Word<events::TitleKind>{"learning_unit_commune", learning_unit_commune},
  };
};

template <>
struct Words<events::CollectiveKind> {
  static constexpr std::string_view noun = "Loại tập thể";
  static constexpr std::array table = {
      Word<events::CollectiveKind>{"household", events::CollectiveKind::household},
      Word<events::CollectiveKind>{"clan", events::CollectiveKind::clan},
      Word<events::CollectiveKind>{"hamlet", events::CollectiveKind::hamlet},
      Word<events::CollectiveKind>{"unit", events::CollectiveKind::unit},
  };
};

template <>
struct Words<events::Gender> {
  static constexpr std::string_view noun = "Giới tính";
  static constexpr std::array table = {
      Word<events::Gender>{"unspecified", events::Gender::unspecified},
      Word<events::Gender>{"male", events::Gender::male},
      Word<events::Gender>{"female", events::Gender::female},
  };
};

template <>
struct Words<events::AgeBand> {
  static constexpr std::string_view noun = "Nhóm tuổi";
  using enum events::AgeBand;
  static constexpr std::array table = {
      Word<events::AgeBand>{"unknown", unknown},     Word<events::AgeBand>{"under_15", under_15},
      Word<events::AgeBand>{"15-24", from_15_to_24}, Word<events::AgeBand>{"25-34", from_25_to_34},
      Word<events::AgeBand>{"35-44", from_35_to_44}, Word<events::AgeBand>{"45-59", from_45_to_59},
      Word<events::AgeBand>{"60-79", from_60_to_79}, Word<events::AgeBand>{"80+", from_80},
  };
};

template <>
struct Words<events::GroupCode> {
  static constexpr std::string_view noun = "Nhóm đối tượng";
  using enum events::GroupCode;
  static constexpr std::array table = {
      Word<events::GroupCode>{"none", none},
      Word<events::GroupCode>{"farmer_rural", farmer_rural},
      Word<events::GroupCode>{"worker_craft", worker_craft},
      Word<events::GroupCode>{"official_entrepreneur", official_entrepreneur},
      Word<events::GroupCode>{"learner", learner},
      Word<events::GroupCode>{"pilot_college_plus", pilot_college_plus},
      Word<events::GroupCode>{"pilot_trader", pilot_trader},
  };
};

template <>
struct Words<events::DossierState> {
  static constexpr std::string_view noun = "Trạng thái hồ sơ";
  using enum events::DossierState;
  static constexpr std::array table = {
      Word<events::DossierState>{"draft", draft},
      Word<events::DossierState>{"registered", registered},
      Word<events::DossierState>{"accepted", accepted},
      Word<events::DossierState>{"self_assessed", self_assessed},
      Word<events::DossierState>{"reviewed", reviewed},
      Word<events::DossierState>{"submitted", submitted},
      Word<events::DossierState>{"appraised", appraised},
      Word<events::DossierState>{"recognized", recognized},
      Word<events::DossierState>{"not_recognized", not_recognized},
      Word<events::DossierState>{"returned", returned},
      Word<events::DossierState>{"withdrawn", withdrawn},
  };
};

template <>
struct Words<events::LawfulBasis> {
  static constexpr std::string_view noun = "Căn cứ xử lý dữ liệu";
  using enum events::LawfulBasis;
  static constexpr std::array table = {
      Word<events::LawfulBasis>{"consent", consent},
      Word<events::LawfulBasis>{"state_management", state_management},
      Word<events::LawfulBasis>{"agreement", agreement},
      Word<events::LawfulBasis>{"other_law", other_law},
      Word<events::LawfulBasis>{"none", none},
  };
};

template <>
struct Words<events::ProxyReason> {
  static constexpr std::string_view noun = "Lý do nhập thay";
  using enum events::ProxyReason;
  static constexpr std::array table = {
      Word<events::ProxyReason>{"none", none},
      Word<events::ProxyReason>{"no_smartphone", no_smartphone},
      Word<events::ProxyReason>{"no_literacy", no_literacy},
      Word<events::ProxyReason>{"elderly", elderly},
      Word<events::ProxyReason>{"disabled", disabled},
      Word<events::ProxyReason>{"no_coverage", no_coverage},
      Word<events::ProxyReason>{"other", other},
  };
};

template <>
struct Words<events::Confirmation> {
  static constexpr std::string_view noun = "Cách xác nhận";
  using enum events::Confirmation;
  static constexpr std::array table = {
      Word<events::Confirmation>{"subject_present", subject_present},
      Word<events::Confirmation>{"signature_on_paper", signature_on_paper},
      Word<events::Confirmation>{"thumbprint_on_paper", thumbprint_on_paper},
      Word<events::Confirmation>{"phone_call", phone_call},
      Word<events::Confirmation>{"witness", witness},
  };
};

template <>
struct Words<events::ReturnReason> {
  static constexpr std::string_view noun = "Lý do trả lại";
  using enum events::ReturnReason;
  static constexpr std::array table = {
      Word<events::ReturnReason>{"missing_evidence", missing_evidence},
      Word<events::ReturnReason>{"wrong_group", wrong_group},
      Word<events::ReturnReason>{"wrong_unit", wrong_unit},
      Word<events::ReturnReason>{"score_mismatch", score_mismatch},
      Word<events::ReturnReason>{"identity_unclear", identity_unclear},
      Word<events::ReturnReason>{"duplicate_suspected", duplicate_suspected},
      Word<events::ReturnReason>{"no_meeting", no_meeting},
      Word<events::ReturnReason>{"consent_missing", consent_missing},
      Word<events::ReturnReason>{"other", other},
  };
};

template <>
struct Words<events::EvidenceKind> {
  static constexpr std::string_view noun = "Loại minh chứng";
  using enum events::EvidenceKind;
  static constexpr std::array table = {
      Word<events::EvidenceKind>{"certificate", certificate},
      Word<events::EvidenceKind>{"attendance", attendance},
      Word<events::EvidenceKind>{"library", library},
      Word<events::EvidenceKind>{"media_use", media_use},
      Word<events::EvidenceKind>{"production", production},
      Word<events::EvidenceKind>{"digital_task", digital_task},
      Word<events::EvidenceKind>{"community", community},
      Word<events::EvidenceKind>{"family", family},
      Word<events::EvidenceKind>{"statement", statement},
      Word<events::EvidenceKind>{"photo", photo},
      Word<events::EvidenceKind>{"other", other},
  };
};

template <>
struct Words<events::SigningCapacity> {
  static constexpr std::string_view noun = "Thể thức ký";
  using enum events::SigningCapacity;
  static constexpr std::array table = {
      Word<events::SigningCapacity>{"direct", direct}, Word<events::SigningCapacity>{"tm", tm},
      Word<events::SigningCapacity>{"kt", kt},         Word<events::SigningCapacity>{"tl", tl},
      Word<events::SigningCapacity>{"tuq", tuq},       Word<events::SigningCapacity>{"q", q},
  };
};

template <>
struct Words<events::NotRecognizedReason> {
  static constexpr std::string_view noun = "Lý do không công nhận";
  using enum events::NotRecognizedReason;
  static constexpr std::array table = {
      Word<events::NotRecognizedReason>{"below_total", below_total},
      Word<events::NotRecognizedReason>{"below_floor", below_floor},
      Word<events::NotRecognizedReason>{"not_proposed", not_proposed},
      Word<events::NotRecognizedReason>{"disqualified", disqualified},
      Word<events::NotRecognizedReason>{"not_eligible_age", not_eligible_age},
      Word<events::NotRecognizedReason>{"not_eligible_residence", not_eligible_residence},
      Word<events::NotRecognizedReason>{"withdrawn_late", withdrawn_late},
      Word<events::NotRecognizedReason>{"other", other},
  };
};

template <>
struct Words<events::CycleKind> {
  static constexpr std::string_view noun = "Loại đợt xét";
  static constexpr std::array table = {
      Word<events::CycleKind>{"annual", events::CycleKind::annual},
      Word<events::CycleKind>{"pilot", events::CycleKind::pilot},
      Word<events::CycleKind>{"campaign", events::CycleKind::campaign},
  };
};

template <>
struct Words<events::LatePolicy> {
  static constexpr std::string_view noun = "Cách xử lý khi muộn";
  using enum events::LatePolicy;
  static constexpr std::array table = {
      Word<events::LatePolicy>{"refuse", refuse},
      Word<events::LatePolicy>{"accept_flagged", accept_flagged},
      Word<events::LatePolicy>{"accept_if_declared_in_time", accept_if_declared_in_time},
  };
};

template <>
struct Words<events::DeadlineBasis> {
  static constexpr std::string_view noun = "Cách tính hạn";
  static constexpr std::array table = {
      Word<events::DeadlineBasis>{"received", events::DeadlineBasis::received},
      Word<events::DeadlineBasis>{"declared", events::DeadlineBasis::declared},
  };
};

template <>
struct Words<events::VerdictCode> {
  static constexpr std::string_view noun = "Kết quả xử lý";
  using enum events::VerdictCode;
  static constexpr std::array table = {
      Word<events::VerdictCode>{"accepted", accepted},
      Word<events::VerdictCode>{"accepted_rebased", accepted_rebased},
      Word<events::VerdictCode>{"held", held},
      Word<events::VerdictCode>{"refused", refused},
  };
};

template <class Enum>
std::vector<Choice> choices_of() {
  std::vector<Choice> choices;
  for (const auto& [word, value] : Words<Enum>::table) choices.push_back({word, name_vi(value)});
  return choices;
}

}  // namespace

template <class Enum>
events::Result<Enum> parse_word(std::string_view typed) {
  const auto found = find_choice(Words<Enum>::noun, typed, choices_of<Enum>());
  if (!found) return found.error();
  return Words<Enum>::table[*found].second;
}

template <class Enum>
std::string_view word_of(Enum value) {
  for (const auto& [name, its_value] : Words<Enum>::table) {
    if (its_value == value) return name;
  }
  return "?";
}

template <class Enum>
std::string words_of() {
  return listed(choices_of<Enum>());
}

#define WORDS_FOR(Enum)                                             \
  template events::Result<Enum> parse_word<Enum>(std::string_view); \
  template std::string_view word_of<Enum>(Enum);                    \
  template std::string words_of<Enum>();
WORDS_FOR(events::Role)
WORDS_FOR(events::UnitKind)
WORDS_FOR(events::AreaType)
WORDS_FOR(events::OrganisationKind)
WORDS_FOR(events::TitleKind)
WORDS_FOR(events::CollectiveKind)
WORDS_FOR(events::Gender)
WORDS_FOR(events::AgeBand)
WORDS_FOR(events::GroupCode)
WORDS_FOR(events::DossierState)
WORDS_FOR(events::LawfulBasis)
WORDS_FOR(events::ProxyReason)
WORDS_FOR(events::Confirmation)
WORDS_FOR(events::ReturnReason)
WORDS_FOR(events::EvidenceKind)
WORDS_FOR(events::SigningCapacity)
WORDS_FOR(events::NotRecognizedReason)
WORDS_FOR(events::CycleKind)
WORDS_FOR(events::LatePolicy)
WORDS_FOR(events::DeadlineBasis)
WORDS_FOR(events::VerdictCode)
#undef WORDS_FOR

}  // namespace clients
