#include "tests/e2e/command_line.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <utility>

namespace e2e {

namespace {

void put_code_into_file(std::vector<std::string>& arguments, const std::filesystem::path& file) {
  for (std::size_t index = 0; index + 1 < arguments.size(); ++index) {
    if (arguments[index] != "--code" && arguments[index] != "--founding-code") continue;
    std::ofstream(file) << arguments[index + 1] << '\n';
    using std::filesystem::perms;
    std::filesystem::permissions(file, perms::owner_read | perms::owner_write);
    arguments[index] += "-file";
    arguments[index + 1] = file.string();
  }
}

}  // namespace

Finished CommandLine::run(std::vector<std::string> arguments) const {
  put_code_into_file(arguments, home_.string() + ".code");
  arguments.insert(arguments.begin(), {"--home", home_.string()});
  return run_program(program_, std::move(arguments));
}

boost::json::value CommandLine::json(std::vector<std::string> arguments) const {
  const std::string name = arguments.front();
  arguments.emplace_back("--json");
  const Finished done = run(std::move(arguments));
  EXPECT_EQ(done.exit_code(), 0) << name << ": " << done.all();
  boost::system::error_code wrong;
  boost::json::value parsed = boost::json::parse(done.output, wrong);
  EXPECT_FALSE(wrong) << name << " --json: " << done.output;
  return wrong ? boost::json::value() : parsed;
}

std::string CommandLine::record(std::vector<std::string> arguments) const {
  const boost::json::value answer = json(std::move(arguments));
  const auto* const object = answer.if_object();
  if (object == nullptr || !object->contains("events")) return {};
  const boost::json::value& id = object->at("events").as_array().front().as_object().at("id");
  return id.is_string() ? std::string(id.as_string()) : std::string();
}

bool is_error_with_code(const std::string& text, const std::string& code) {
  return text.starts_with("Lỗi: ") && text.find("[" + code) != std::string::npos;
}

}  // namespace e2e
