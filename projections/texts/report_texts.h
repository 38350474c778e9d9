#pragma once

#include "projections/texts/language.h"

#include <cstdint>
#include <string>

namespace projections {

/// The fixed words of reports: titles, headings, lines, remarks.
enum class ReportText : std::uint8_t {
  whole_log,
  all_units,
  in_no_unit,
  sum_of_groups,
  not_known,
  unit,
  area,
  cycles,
  as_of,
  up_to_entry,
  beyond_whole,
  b01_title,
  b02_title,
  group,
  title,
  group_population,
  total,
  registered,
  self_assessed,
  recognized,
  share_of_registered,
  share_of_population,
  grants_so_far,
  until,
  rebased_on,
  b14_title,
  new_unit,
  dossiers_moved,
};

std::string report_text(ReportText text, Language language = Language::vi);

}  // namespace projections
