#include "clients/core/acts/age_band.h"

#include <array>

namespace clients {
namespace {

/// Whole years from `birth` to `day`, taking unknown parts at one end of what they may be.
int age_on(const events::PartialDate& birth, events::Day day, bool youngest) {
  const events::CalendarDate today = events::calendar_date(day);
  const int month = birth.month != 0 ? birth.month : (youngest ? 12 : 1);
  const int date = birth.day != 0 ? birth.day : (youngest ? 31 : 1);
  const bool had_birthday = today.month > month || (today.month == month && today.day >= date);
  return today.year - birth.year - (had_birthday ? 0 : 1);
}

events::AgeBand band_of(int age) {
  using enum events::AgeBand;
  struct Bound {
    int below;
    events::AgeBand band;
  };
  static constexpr std::array bounds = {Bound{15, under_15},      Bound{25, from_15_to_24},
                                        Bound{35, from_25_to_34}, Bound{45, from_35_to_44},
                                        Bound{60, from_45_to_59}, Bound{80, from_60_to_79},
                                        Bound{1000, from_80}};
  for (const Bound& bound : bounds) {
    if (age < bound.below) return bound.band;
  }
  return unknown;
}

}  // namespace

events::AgeBand age_band_on(const events::PartialDate& birth, events::Day day) {
  if (birth.year == 0) return events::AgeBand::unknown;
  const events::AgeBand youngest = band_of(age_on(birth, day, true));
  const events::AgeBand oldest = band_of(age_on(birth, day, false));
  return youngest == oldest ? youngest : events::AgeBand::unknown;
}

}  // namespace clients
