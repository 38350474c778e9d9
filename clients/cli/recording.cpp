#include "clients/cli/output/refusal_help.h"
#include "clients/cli/output/sync_status_texts.h"
#include "clients/cli/session.h"
#include "clients/core/replica/contact_notes.h"
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

}  // namespace

acts::RecordingLimits Session::limits(events::Timestamp now) {
  acts::RecordingLimits limits;
  limits.seconds_behind = seconds_behind_contact(device_->contact_notes(), now);
  limits.without_role = options_.without_role;
  return limits;
}

Result<RecordedTogether> Session::try_record(const acts::Draft& draft) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  if ((*opened)->lease_is_over()) {
    return events::Error{events::ErrorCode::locked, std::string(lease_over_vi)};
  }
  const events::Timestamp now = platform::now();
  return acts::record((*opened)->workspace(), draft.requests(), limits(now), now);
}

Result<RecordedTogether> Session::try_judge(const acts::Draft& draft) {
  const Result<Device*> opened = device();
  if (!opened) return opened.error();
  const events::Timestamp now = platform::now();
  return acts::judge((*opened)->workspace(), draft.requests(), limits(now), now);
}

Result<int> Session::record(const acts::Draft& draft) {
  if (const Result<void> texts = check_texts(draft); !texts) return texts.error();
  const Result<RecordedTogether> done = try_record(draft);
  if (!done) return done.error();
  const std::span<const RecordRequest> requests = draft.requests();
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
