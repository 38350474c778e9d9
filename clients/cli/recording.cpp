#include "clients/cli/output/refusal_help.h"
#include "clients/cli/output/sync_status_texts.h"
#include "clients/cli/session.h"
#include "clients/device/contact_notes.h"
#include "platform/clock.h"
#include "projections/texts/texts.h"

#include <utility>

// Recording what a command asks for, and saying what became of it.

namespace clients {

using events::Result;
namespace json = boost::json;

namespace {

/// More events of one kind with one verdict are said in one line.
constexpr std::size_t lines_max = 3;

json::object recorded_json(const RecordRequest& request, const Recorded& recorded, bool stored) {
  json::object row;
  row["id"] = stored ? json_id(recorded.id) : json::value(nullptr);
  row["type"] = events::event_name(static_cast<std::uint16_t>(type_of(request.payload)));
  row["verdict"] = clients::json_of(recorded.verdict);
  return row;
}

/// What a clock or a date that cannot be makes of a request: said where it can be put right.
std::optional<events::Verdict> refused_by_clock(const ContactNotes& notes,
                                                const RecordRequest& request,
                                                events::Timestamp now) {
  events::Verdict refused;
  refused.code = events::VerdictCode::refused;
  if (const auto behind = seconds_behind_contact(notes, now)) {
    refused.rule = events::Rule::c_clock;
    refused.parameters = {*behind};
    return refused;
  }
  const events::Day today = events::day_in_vietnam(now);
  if (request.business_day.value <= today.value + 1) return std::nullopt;
  refused.rule = events::Rule::v03_business_day;
  refused.parameters = {request.business_day.value, today.value};
  return refused;
}

}  // namespace

Result<RecordedTogether> Session::try_record(std::span<const RecordRequest> requests) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  if ((*opened)->lease_is_over()) {
    return events::Error{events::ErrorCode::locked, std::string(lease_over_vi)};
  }
  Workspace& workspace = (*opened)->workspace();
  for (std::size_t index = 0; index < requests.size(); ++index) {
    const auto by_clock =
        refused_by_clock((*opened)->contact_notes(), requests[index], platform::now());
    if (!by_clock && (options_.without_role || workspace.has_role_for(requests[index]))) continue;
    Recorded refused;
    refused.verdict.code = events::VerdictCode::refused;
    refused.verdict.rule = events::Rule::a_grant;
    if (by_clock) refused.verdict = *by_clock;
    RecordedTogether nothing;
    nothing.recorded.assign(index + 1, refused);
    nothing.refused = index;
    return nothing;
  }
  return workspace.record_together(requests, platform::now());
}

Result<int> Session::record(std::span<const RecordRequest> requests) {
  const Result<RecordedTogether> done = try_record(requests);
  if (!done) return done.error();
  if (!options_.json) return say(requests, *done);

  json::array rows;
  for (std::size_t index = 0; index < done->recorded.size(); ++index) {
    if (done->refused && *done->refused != index) continue;
    rows.push_back(recorded_json(requests[index], done->recorded[index], !done->refused));
  }
  json::object answer;
  answer["stored"] = !done->refused.has_value();
  answer["events"] = std::move(rows);
  print_json(out_, answer);
  return done->refused ? exit_refused : exit_ok;
}

int Session::say(std::span<const RecordRequest> requests, const RecordedTogether& done) const {
  if (done.refused) {
    const events::Verdict& verdict = done.recorded[*done.refused].verdict;
    print(out_, "Bị từ chối ngay: {}\n  {}\n",
          projections::name_vi(type_of(requests[*done.refused].payload)),
          projections::explain(verdict));
    const auto help = help_for(verdict, requests[*done.refused], device_->workspace());
    if (help) print(out_, "  {}\n", *help);
    print(out_, "Không ghi gì cả. Hãy sửa theo hướng dẫn trên rồi làm lại.\n");
    return exit_refused;
  }
  for (std::size_t first = 0; first < done.recorded.size();) {
    const events::EventType type = type_of(requests[first].payload);
    const events::Verdict& verdict = done.recorded[first].verdict;
    std::size_t end = first + 1;
    while (end < done.recorded.size() && type_of(requests[end].payload) == type &&
           done.recorded[end].verdict == verdict) {
      ++end;
    }
    if (end - first > lines_max) {
      print(out_, "Đã ghi: {} × {} ({} … {})\n  {}\n", projections::name_vi(type), end - first,
            to_string(done.recorded[first].id), to_string(done.recorded[end - 1].id),
            projections::explain(verdict));
      first = end;
      continue;
    }
    for (; first < end; ++first) {
      print(out_, "Đã ghi: {} ({})\n  {}\n", projections::name_vi(type),
            to_string(done.recorded[first].id), projections::explain(verdict));
    }
  }
  print(out_, "Đây là kết quả dự kiến: chỉ có trên thiết bị này — chờ đồng bộ.\n");
  return exit_ok;
}

}  // namespace clients
