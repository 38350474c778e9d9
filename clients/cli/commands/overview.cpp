#include "clients/cli/commands.h"
#include "clients/cli/output/sync_status_texts.h"
#include "clients/cli/version.h"
#include "projections/state/standing.h"

#include <fmt/core.h>

#include <cstddef>
#include <utility>
#include <vector>

// The program without a command: how things stand, and what comes next.

namespace clients {

using events::DossierState;
using events::Result;
namespace json = boost::json;

namespace {

/// Something that waits to be done, and the command that does it.
struct NextStep {
  std::string what;
  std::string command;
};

/// Dossiers that stand before the same step of their year.
struct StepOfYear {
  bool (*stands_before)(const projections::Dossier&);
  const char* what;
  const char* command;
};

constexpr StepOfYear steps_of_year[] = {
    {[](const projections::Dossier& row) { return row.state == DossierState::registered; },
     "chờ tiếp nhận đăng ký", "accept --all"},
    {[](const projections::Dossier& row) { return row.state == DossierState::accepted; },
     "chờ chấm điểm", "score MÃ --scores …"},
    {[](const projections::Dossier& row) { return row.state == DossierState::self_assessed; },
     "chờ họp bình xét", "review --all --unit … --present …"},
    {[](const projections::Dossier& row) {
       return row.state == DossierState::reviewed &&
              row.conclusion == events::ReviewConclusion::proposed;
     },
     "chờ trình", "submit --all --issuer …"},
    {[](const projections::Dossier& row) { return row.state == DossierState::submitted; },
     "chờ thẩm định", "appraise --all"},
    {[](const projections::Dossier& row) {
       return row.state == DossierState::appraised &&
              row.outcome == events::AppraisalOutcome::qualified;
     },
     "chờ quyết định công nhận", "decide --all --issuer … --number …"},
    {[](const projections::Dossier& row) { return row.state == DossierState::returned; },
     "phải bổ sung rồi nộp lại", "resubmit MÃ"},
};

std::vector<NextStep> next_steps(Device& device, const DeviceStatus& status) {
  std::vector<NextStep> steps;
  if (device.keyring().lock() == LockKind::none) {
    steps.push_back({"Thiết bị chưa đặt khóa: ai cầm cũng đọc được họ tên", "lock set --pin"});
  }
  if (status.sync != SyncStatus::in_step) {
    steps.push_back({status.device_only == 0 ? "Cần gặp máy chủ"
                                             : fmt::format("{} việc chưa gửi", status.device_only),
                     "sync"});
  }
  const projections::State& state = device.workspace().pending();
  if (const std::size_t waiting = state.inbox().all().size(); waiting != 0) {
    steps.push_back({fmt::format("{} việc đang chờ người xử lý", waiting), "inbox"});
  }
  for (const StepOfYear& step : steps_of_year) {
    std::size_t count = 0;
    for (const projections::Dossier& row : state.dossiers().all()) {
      // What lapsed does not wait for its step any more.
      const bool goes_on = projections::standing_of(row, state.rulebook()) == row.state;
      if (goes_on && step.stands_before(row)) ++count;
    }
    if (count == 0) continue;
    steps.push_back({fmt::format("{} hồ sơ {}", count, step.what), step.command});
  }
  return steps;
}

void say_without_device(std::ostream& out) {
  print(out,
        "khuyenhoc {}: ghi nhận danh hiệu học tập, làm việc cả khi không có mạng.\n\n"
        "Chưa chọn thiết bị nào. Bước tiếp theo:\n"
        "  Máy mới, đã có mã mời:\n"
        "    khuyenhoc --home THƯ-MỤC enrol --server wss://… --label TÊN\n"
        "  Máy đã ghi danh:\n"
        "    khuyenhoc --home THƯ-MỤC\n"
        "Đặt biến KHUYENHOC_HOME một lần thì không phải ghi --home nữa.\n"
        "Mọi lệnh theo từng việc: khuyenhoc --help\n",
        version());
}

}  // namespace

Result<int> run_overview(Session& session) {
  std::ostream& out = session.out();
  if (session.options().home.empty()) {
    if (session.options().json) {
      print_json(out, json::object{{"version", version()}, {"next", json::array{"enrol"}}});
    } else {
      say_without_device(out);
    }
    return exit_ok;
  }
  const Result<Device*> opened = session.device_as_it_is();
  if (!opened) return opened.error();
  Device& device = **opened;
  const DeviceStatus status =
      device_status_of(device.workspace(), device.replica(), device.contact());
  const std::vector<NextStep> steps = next_steps(device, status);
  if (session.options().json) {
    json::array next;
    for (const NextStep& step : steps) next.push_back(json::value(step.command));
    print_json(out, json::object{{"version", version()},
                                 {"claim", word_of(status.sync)},
                                 {"next", std::move(next)}});
    return exit_ok;
  }
  print(out, "Thiết bị “{}”. {}\n", device.workspace().identity().label, name_vi(status.sync));
  if (!steps.empty()) print(out, "Bước tiếp theo:\n");
  for (const NextStep& step : steps) {
    print(out, "  {}: khuyenhoc {}\n", step.what, step.command);
  }
  print(out, "Chi tiết: khuyenhoc status. Mọi lệnh theo từng việc: khuyenhoc --help\n");
  return exit_ok;
}

}  // namespace clients
