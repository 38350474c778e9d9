#include "server/backup/backup_service.h"

#include "platform/clock.h"
#include "server/base/data_directory.h"

#include <chrono>
#include <string>

namespace server {

namespace json = boost::json;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

Result<json::object> answer_to(const Result<events::LogHead>& saved) {
  if (!saved) return saved.error();
  json::object answer;
  answer["head"] = in_words(*saved);
  return answer;
}

}  // namespace

json::object in_json(const BackupRequest& request) {
  json::object object;
  object["do"] = "backup";
  object["to"] = request.to.string();
  object["private_records"] = request.private_records;
  object["key"] = request.key;
  return object;
}

Result<BackupRequest> backup_request_from(const json::object& request) {
  const json::value* const to = request.if_contains("to");
  const json::value* const records = request.if_contains("private_records");
  const json::value* const key = request.if_contains("key");
  if (to == nullptr || !to->is_string() || records == nullptr || !records->is_bool() ||
      key == nullptr || !key->is_bool()) {
    return Error{ErrorCode::invalid_argument, "not a request for a backup"};
  }
  return BackupRequest{std::string(to->as_string()), records->as_bool(), key->as_bool()};
}

Result<json::object> serve_backup(const BackupSource& source, const json::object& request,
                                  const OnProgress& on_progress) {
  const Result<BackupRequest> read = backup_request_from(request);
  if (!read) return read.error();
  return answer_to(back_up(source, *read, platform::now(), on_progress));
}

Result<json::object> back_up_stopped(const std::filesystem::path& data,
                                     const BackupRequest& request, const OnProgress& on_progress) {
  if (!std::filesystem::exists(data / "log")) {
    return Error{ErrorCode::not_found, data.string() + " holds no data of a server"};
  }
  const Result<DataDirectory> directory = DataDirectory::open(data);
  if (!directory) return directory.error();
  RocksEventLog::Options options;
  options.path = directory->log();
  const auto log = RocksEventLog::open(options);
  if (!log) return log.error();
  RocksPrivateStore::Options private_options;
  private_options.path = directory->private_records();
  const auto records = RocksPrivateStore::open(private_options);
  if (!records) return records.error();
  const Result<events::SigningKey> key = directory->key(/*may_create=*/false);
  if (!key) return key.error();
  const BackupSource source{**log, **records, directory->path(), *key};
  return answer_to(back_up(source, request, platform::now(), on_progress));
}

}  // namespace server
