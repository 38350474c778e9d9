#pragma once

#include "events/kinds/access_events.h"
#include "events/kinds/criteria_events.h"
#include "events/kinds/decision_events.h"
#include "events/kinds/dossier_events.h"
#include "events/kinds/titles.h"
#include "events/kinds/unit_events.h"
#include "tools/pilot/people.h"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The pilot of Điện Biên Phủ city, 2020–2021, as published on 19/07/2021: 603 citizens in three
/// communes, 599 recognised (domain.md 1.1).  The people are synthetic; how the published totals
/// split over the three communes was not published and is invented here.
namespace pilot {

/// A group in a commune: how many, and how many of them miss the mark of 70.
struct GroupPlan {
  events::GroupCode group{};
  std::uint32_t count{};
  std::uint32_t below_mark{};     ///< Score from 50 to 69.
  std::uint32_t exactly_fifty{};  ///< Score exactly 50; beside `below_mark`.
};

/// A commune with its share of the published totals.
struct CommunePlan {
  std::string_view key;   ///< Folder of its device.
  std::string_view name;  ///< "Phường Mường Thanh"
  std::string_view code;  ///< As it was in 2020.
  events::UnitKind kind{};
  bool rural = false;
  std::vector<std::string_view> hamlets;
  std::array<GroupPlan, 3> groups;
  std::uint32_t units = 0;
  std::uint32_t clans = 0;
  std::uint32_t communities = 0;
  std::uint32_t families = 0;
};

/// The three communes.  Sums: 603 citizens (442 + 143 + 18), 7 units, 2 clans, 9 communities, 90
/// families.
const std::vector<CommunePlan>& communes();

/// A citizen's way through the pilot.
struct CitizenPlan {
  PilotPerson person;
  events::GroupCode group{};
  std::size_t hamlet = 0;  ///< Index into CommunePlan::hamlets.
  std::vector<std::uint16_t> scores_tenths;
  std::uint16_t total_tenths = 0;
  bool by_proxy = false;
  events::ProxyReason proxy_reason{};
  std::uint32_t sighted = 0;  ///< Pieces of evidence seen on paper.
  bool returned_once = false;

  bool passes() const { return total_tenths >= 700; }
};

/// The citizens of a commune, in the order in which they register.  Deterministic in the seed.
std::vector<CitizenPlan> citizens_of(const CommunePlan& commune, std::uint64_t seed);

/// Who does what in a commune.  Each has a role of their own, since one person must not enter,
/// appraise and sign the same dossier (SD2).
struct OfficerPlan {
  events::Role role{};
  std::string_view office;
};
std::span<const OfficerPlan> commune_officers();

inline constexpr std::string_view province_name = "Tỉnh Điện Biên";
inline constexpr std::string_view province_code = "11";
inline constexpr std::string_view city_name = "Thành phố Điện Biên Phủ";
inline constexpr std::string_view city_code = "094";
inline constexpr std::string_view cycle_label = "Thí điểm 2020–2021";
inline constexpr std::string_view basis = "100/HD-HKH ngày 05/10/2020";

/// The pilot's days.  Eight months lie between registration and decision.
struct Calendar {
  events::Day units_from;
  events::Phase registration;
  events::Phase self_assessment;
  events::Phase review;
  events::Phase appraisal;
  events::Phase decision;
  events::Day submission;
};
const Calendar& calendar();

}  // namespace pilot
