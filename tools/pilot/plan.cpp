#include "tools/pilot/plan.h"

#include <numeric>

namespace pilot {
namespace {

using events::GroupCode;

events::Day day(int year, int month, int day_of_month) {
  return events::day_of({year, month, day_of_month});
}

/// A total that passes, more often in the middle of 70–100 than at its ends.
std::uint16_t passing_total(Dice& random) {
  const std::uint32_t half_points = random.between(0, 30) + random.between(0, 30);
  return static_cast<std::uint16_t>(700 + half_points * 5);
}

std::uint16_t missing_total(Dice& random) {
  return static_cast<std::uint16_t>(505 + random.below(37) * 5);  // 50.5 … 68.5
}

CitizenPlan citizen(Dice& random, PeopleMaker& people, const CommunePlan& commune, GroupCode group,
                    std::uint16_t total_tenths) {
  CitizenPlan plan;
  plan.person = people.make();
  plan.group = group;
  plan.hamlet = random.below(static_cast<std::uint32_t>(commune.hamlets.size()));
  plan.total_tenths = total_tenths;
  plan.scores_tenths = scores_with_total(random, total_tenths);
  plan.by_proxy = random.chance(group == GroupCode::farmer_rural ? 60 : 10);
  if (plan.by_proxy) {
    static constexpr std::array reasons = {
        events::ProxyReason::no_smartphone, events::ProxyReason::no_smartphone,
        events::ProxyReason::elderly, events::ProxyReason::no_coverage,
        events::ProxyReason::no_literacy};
    plan.proxy_reason = random.pick(std::span<const events::ProxyReason>(reasons));
  }
  plan.sighted = random.chance(65) ? random.between(1, 3) : 0;
  plan.returned_once = random.chance(2);
  return plan;
}

}  // namespace

const std::vector<CommunePlan>& communes() {
  static const std::vector<CommunePlan> all = {
      {"muong-thanh",
       "Phường Mường Thanh",
       "03136",
       events::UnitKind::ward,
       false,
       {"Tổ dân phố 1", "Tổ dân phố 2", "Tổ dân phố 3"},
       {{{GroupCode::pilot_college_plus, 218, 0, 0},
         {GroupCode::farmer_rural, 12, 0, 0},
         {GroupCode::pilot_trader, 10, 0, 0}}},
       3,
       0,
       3,
       35},
      {"him-lam",
       "Phường Him Lam",
       "03127",
       events::UnitKind::ward,
       false,
       {"Tổ dân phố 5", "Bản Him Lam 2", "Bản Tân Tiến"},
       {{{GroupCode::pilot_college_plus, 164, 0, 1},
         {GroupCode::farmer_rural, 31, 1, 0},
         {GroupCode::pilot_trader, 7, 0, 0}}},
       3,
       1,
       3,
       30},
      {"na-tau",
       "Xã Nà Tấu",
       "03316",
       events::UnitKind::commune,
       true,
       {"Bản Nà Tấu 1", "Bản Hồng Líu", "Bản Nà Cái"},
       {{{GroupCode::pilot_college_plus, 60, 0, 0},
         {GroupCode::farmer_rural, 100, 2, 0},
         {GroupCode::pilot_trader, 1, 0, 0}}},
       1,
       1,
       3,
       25},
  };
  return all;
}

std::vector<CitizenPlan> citizens_of(const CommunePlan& commune, std::uint64_t seed) {
  Dice random(seed + std::accumulate(commune.code.begin(), commune.code.end(), std::uint64_t{0},
                                     [](std::uint64_t sum, char letter) {
                                       return sum * 31 + static_cast<unsigned char>(letter);
                                     }));
  PeopleMaker people(random, commune.rural);
  std::vector<CitizenPlan> plans;
  for (const GroupPlan& group : commune.groups) {
    for (std::uint32_t index = 0; index < group.count; ++index) {
      std::uint16_t total = passing_total(random);
      if (index < group.exactly_fifty) {
        total = 500;
      } else if (index < group.exactly_fifty + group.below_mark) {
        total = missing_total(random);
      }
      plans.push_back(citizen(random, people, commune, group.group, total));
    }
  }
  // They come as they come, not group by group.
  for (std::size_t index = plans.size(); index > 1; --index) {
    std::swap(plans[index - 1], plans[random.below(static_cast<std::uint32_t>(index))]);
  }
  return plans;
}

std::span<const OfficerPlan> commune_officers() {
  using enum events::Role;
  static constexpr std::array officers = {
      OfficerPlan{proxy_entrant, "người nhập thay"},
      OfficerPlan{branch_head, "chi hội trưởng khuyến học"},
      OfficerPlan{commune_assoc_chair, "chủ tịch Hội Khuyến học"},
      OfficerPlan{commune_clerk, "công chức văn hóa – xã hội"},
      OfficerPlan{appraiser, "thành viên hội đồng thẩm định"},
      OfficerPlan{signer, "chủ tịch Ủy ban nhân dân"},
  };
  return officers;
}

const Calendar& calendar() {
  static const Calendar days = {
      day(2020, 1, 1),
      {day(2020, 10, 12), day(2021, 3, 31)},
      {day(2021, 4, 1), day(2021, 5, 31)},
      {day(2021, 6, 1), day(2021, 6, 20)},
      {day(2021, 6, 21), day(2021, 7, 5)},
      {day(2021, 7, 6), day(2021, 7, 16)},
      day(2021, 6, 21),
  };
  return days;
}

}  // namespace pilot
