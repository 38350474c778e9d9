#include "clients/cli/output/bundle_texts.h"

#include <fmt/core.h>

namespace clients {

namespace json = boost::json;

namespace {

json::object amount_json(const Amount& amount) {
  return {{"count", amount.count}, {"bytes", amount.bytes}};
}

}  // namespace

std::string size_vi(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} byte", bytes);
  if (bytes < 10'000'000) return fmt::format("{} kB", bytes / 1'000);
  return fmt::format("{},{} MB", bytes / 1'000'000, bytes / 100'000 % 10);
}

std::string describe(const PackedFiles& files, std::uint64_t bundle_bytes_max) {
  std::string text;
  if (files.thumbnails.count + files.originals.count > 0) {
    text += fmt::format("Kèm {} ảnh nhỏ ({}) và {} tệp gốc ({}).\n", files.thumbnails.count,
                        size_vi(files.thumbnails.bytes), files.originals.count,
                        size_vi(files.originals.bytes));
  }
  if (files.left_out.count > 0) {
    text += fmt::format(
        "Gói tối đa {} nên còn {} tệp ({}) chưa mang; khi có gói trả lời hãy xuất gói nữa.\n",
        size_vi(bundle_bytes_max), files.left_out.count, size_vi(files.left_out.bytes));
  }
  if (files.held_back.count > 0) {
    text += fmt::format(
        "{} tệp gốc ({}) được giữ lại đến khi có người hỏi; muốn mang đi: files policy --originals "
        "“khi đường truyền tốt”.\n",
        files.held_back.count, size_vi(files.held_back.bytes));
  }
  if (files.damaged > 0) {
    text +=
        fmt::format("CHÚ Ý: {} tệp minh chứng hỏng trên máy này, hãy chụp lại; xem lệnh files.\n",
                    files.damaged);
  }
  return text;
}

std::string describe(const FileAnswers& files) {
  std::string text;
  if (files.stored > 0) text += fmt::format("Máy chủ đã có {} tệp minh chứng.\n", files.stored);
  if (files.waiting > 0) {
    text += fmt::format(
        "{} tệp chưa được nhận vì việc đính kèm chưa có hiệu lực; tệp còn trên máy này "
        "và sẽ đi lần sau.\n",
        files.waiting);
  }
  if (files.damaged > 0) {
    text += fmt::format(
        "CHÚ Ý: {} tệp minh chứng hỏng, hãy chụp lại và đính kèm lại; xem lệnh "
        "files.\n",
        files.damaged);
  }
  if (files.refused > 0) {
    text += fmt::format("Máy chủ chưa cất được {} tệp; tệp còn trên máy này và sẽ đi lần sau.\n",
                        files.refused);
  }
  if (files.asked > 0) {
    text +=
        fmt::format("Có người hỏi {} tệp gốc của máy này; gói sau sẽ mang theo.\n", files.asked);
  }
  return text;
}

json::object json_of(const PackedFiles& files) {
  return {{"thumbnails", amount_json(files.thumbnails)},
          {"originals", amount_json(files.originals)},
          {"left_out", amount_json(files.left_out)},
          {"held_back", amount_json(files.held_back)},
          {"damaged", files.damaged}};
}

json::object json_of(const FileAnswers& files) {
  return {{"stored", files.stored},
          {"waiting", files.waiting},
          {"damaged", files.damaged},
          {"refused", files.refused},
          {"asked", files.asked}};
}

}  // namespace clients
