#pragma once

#include "tools/audit/verification.h"

#include <string>

namespace audit {

/// The report for people: a line for each check, then the problems, then the answer.
std::string report_text(const Report& report, const std::string& source);

/// The report for programs: one line of JSON.
std::string report_json(const Report& report, const std::string& source);

}  // namespace audit
