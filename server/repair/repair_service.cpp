#include "server/repair/repair_service.h"

#include <boost/json/array.hpp>

#include <future>
#include <memory>
#include <utility>

namespace server {

namespace json = boost::json;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

json::object in_json(const events::LogHead& head) {
  json::object object;
  object["epoch"] = head.epoch.value;
  object["position"] = head.position.value;
  object["root"] = events::to_hex(head.root.bytes);
  return object;
}

bool flag(const json::object& request, const char* name) {
  const json::value* const found = request.if_contains(name);
  return found != nullptr && found->is_bool() && found->as_bool();
}

}  // namespace

json::object repair_request(bool finish, bool give_up) {
  json::object request;
  request["do"] = "heal";
  request["finish"] = finish;
  request["give_up"] = give_up;
  return request;
}

json::object in_json(const RepairReport& report) {
  json::object object;
  object["healing"] = report.is_under_way;
  object["restored"] = in_json(report.restored);
  object["head"] = in_json(report.head);
  object["inserted"] = report.head.position.value - report.restored.position.value;
  object["proved_to"] = report.proved_head.value;
  object["given_up_now"] = report.given_up();
  object["staged_blocks"] = report.staged_blocks;
  object["staged_bytes"] = report.staged_bytes;
  object["missing_records"] = report.missing_records;
  json::array& missing = object["missing"].emplace_array();
  for (const RepairReport::Range& range : report.missing) {
    missing.push_back(json::array{range.first.value, range.last.value});
  }
  json::array& chains = object["missing_chains"].emplace_array();
  for (const RepairReport::MissingChain& chain : report.missing_chains) {
    json::object row;
    row["chain"] = chain.chain.value;
    row["has_seq"] = chain.has_seq;
    row["proved_seq"] = chain.proved_seq;
    chains.push_back(std::move(row));
  }
  json::array& devices = object["devices"].emplace_array();
  for (const RepairReport::Device& device : report.devices) {
    json::object row;
    row["chain"] = device.chain.value;
    row["label"] = device.label;
    row["complete"] = device.complete;
    row["known"] = device.is_known;
    row["false_blocks"] = device.false_blocks;
    devices.push_back(std::move(row));
  }
  return object;
}

Result<json::object> serve_repair(Committer& committer, const FileWants& wants,
                                  const json::object& request) {
  const auto answer_with = [&wants](const RepairReport& report) {
    json::object answer = in_json(report);
    answer["missing_files"] = wants.lost();
    return answer;
  };
  // Shared: a server that stops drops what waits for its log thread.
  if (flag(request, "finish")) {
    const auto promise = std::make_shared<std::promise<Result<RepairReport>>>();
    committer.finish_repair(flag(request, "give_up"), [promise](Result<RepairReport> finished) {
      promise->set_value(std::move(finished));
    });
    const Result<RepairReport> finished = promise->get_future().get();
    if (!finished) return finished.error();
    return answer_with(*finished);
  }
  const auto promise = std::make_shared<std::promise<RepairReport>>();
  committer.ask_repair([promise](RepairReport report) { promise->set_value(std::move(report)); });
  return answer_with(promise->get_future().get());
}

}  // namespace server
