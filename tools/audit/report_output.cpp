#include "tools/audit/report_output.h"

#include <boost/json.hpp>

#include <utility>

namespace audit {
namespace {

std::string positions_of(const Problem& problem) {
  if (problem.first.value == 0) return {};
  if (problem.last <= problem.first) return "position " + std::to_string(problem.first.value);
  return "positions " + std::to_string(problem.first.value) + "–" +
         std::to_string(problem.last.value);
}

std::string line_of(const Problem& problem) {
  std::string where = positions_of(problem);
  if (!problem.event.is_none()) {
    if (!where.empty()) where += ", ";
    where += "event " + to_string(problem.event);
    if (!problem.kind.empty()) where += " " + problem.kind;
  }
  if (!problem.place.empty()) where += where.empty() ? problem.place : " (" + problem.place + ")";
  std::string line = "    " + std::string(name_of(problem.check)) + ": ";
  if (!where.empty()) line += where + ": ";
  return line + problem.message + "\n";
}

}  // namespace

std::string report_text(const Report& report, const std::string& source) {
  std::string text = source + "\n";
  text += "  log " + std::to_string(report.log.value) + " epoch " +
          std::to_string(report.epoch.value) + " origin " + report.origin + "\n";
  text += "  position " + std::to_string(report.position.value) + " root " + report.root + "\n";
  text += "  server key " + report.server_key + "\n\n";
  for (const Check check : all_checks()) {
    const CheckResult& result = report.result(check);
    if (!result.applies) continue;
    text += result.holds() ? "✓ " : "✗ ";
    text += title_of(check);
    text += ": " + std::to_string(result.checked) + " " + unit_of(check);
    if (result.problems > 0) text += ", " + std::to_string(result.problems) + " problems";
    if (!result.stopped.empty()) text += "; not to the end: " + result.stopped;
    text += "\n";
  }
  if (report.problem_count() > 0) {
    text += "\nProblems:\n";
    for (const Problem& problem : report.problems()) text += line_of(problem);
    const std::uint64_t unlisted = report.problem_count() - report.problems().size();
    if (unlisted > 0) text += "    and " + std::to_string(unlisted) + " more of the same checks\n";
  }
  text += report.verified() ? "\nverified\n" : "\nNOT verified\n";
  return text;
}

std::string report_json(const Report& report, const std::string& source) {
  boost::json::array checks;
  for (const Check check : all_checks()) {
    const CheckResult& result = report.result(check);
    if (!result.applies) continue;
    checks.push_back({{"check", name_of(check)},
                      {"holds", result.holds()},
                      {"checked", result.checked},
                      {"unit", unit_of(check)},
                      {"problems", result.problems},
                      {"stopped", result.stopped}});
  }
  boost::json::array problems;
  for (const Problem& problem : report.problems()) {
    boost::json::object entry{{"check", name_of(problem.check)},
                              {"first_position", problem.first.value},
                              {"last_position", problem.last.value},
                              {"place", problem.place},
                              {"message", problem.message}};
    if (!problem.event.is_none()) {
      entry["event"] = to_string(problem.event);
      entry["kind"] = problem.kind;
    }
    problems.push_back(std::move(entry));
  }
  const boost::json::object whole{{"source", source},
                                  {"verified", report.verified()},
                                  {"log", report.log.value},
                                  {"epoch", report.epoch.value},
                                  {"origin", report.origin},
                                  {"position", report.position.value},
                                  {"root", report.root},
                                  {"server_key", report.server_key},
                                  {"checks", std::move(checks)},
                                  {"problem_count", report.problem_count()},
                                  {"problems", std::move(problems)}};
  return boost::json::serialize(whole) + "\n";
}

}  // namespace audit
