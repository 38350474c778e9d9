#include "clients/cli/commands.h"
#include "clients/cli/unit_file.h"
#include "clients/core/acts/age_band.h"
#include "clients/device/ws_client.h"
#include "tests/clients/cli/scratch_home.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace clients_test {
namespace {

struct Answer {
  int exit_code = 0;
  std::string out;
  std::string err;
};

Answer run(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "khuyenhoc");
  std::ostringstream out;
  std::ostringstream err;
  Answer answer;
  answer.exit_code =
      clients::run_command_line(static_cast<int>(arguments.size()), arguments.data(), out, err);
  answer.out = out.str();
  answer.err = err.str();
  return answer;
}

TEST(CommandLine, SaysHowItIsUsed) {
  EXPECT_EQ(run({"--home", "/nowhere", "fly"}).exit_code, clients::exit_usage);
  EXPECT_EQ(run({"--home", "/nowhere", "grant", "--role", "signer"}).exit_code,
            clients::exit_usage);
  const Answer help = run({"register", "--help"});
  EXPECT_EQ(help.exit_code, clients::exit_ok);
  EXPECT_NE(help.out.find("Ví dụ"), std::string::npos);
}

/// The names that the program's own help lists.
std::vector<std::string> listed_commands() {
  const std::string page = run({"--help"}).out;
  std::istringstream help(page.substr(0, page.find("\nLựa chọn:")));
  std::vector<std::string> names;
  for (std::string text; std::getline(help, text);) {
    if (!text.starts_with("  ") || text.size() < 3 || text[2] == ' ') continue;
    names.push_back(text.substr(2, text.find(' ', 2) - 2));
  }
  return names;
}

TEST(CommandLine, EveryCommandHasAnExample) {
  const std::vector<std::string> names = listed_commands();
  EXPECT_GE(names.size(), 30U);
  for (const std::string& name : names) {
    const Answer help = run({name.c_str(), "--help"});
    const std::size_t examples = help.out.find("Ví dụ:");
    ASSERT_NE(examples, std::string::npos) << name;
    EXPECT_NE(help.out.find("khuyenhoc", examples), std::string::npos) << name;
  }
}

// Told that the device is not enrolled, people enrol it again and have two chains.
TEST(CommandLine, AHomeThatIsNoDeviceIsToldAsWhatItIs) {
  const ScratchHome scratch;
  const auto told = [](const std::filesystem::path& home, const char* code, const char* words) {
    const Answer answer = run({"--home", home.c_str(), "status"});
    EXPECT_EQ(answer.exit_code, clients::exit_usage) << home;
    EXPECT_NE(answer.err.find(code), std::string::npos) << answer.err;
    EXPECT_NE(answer.err.find(words), std::string::npos) << answer.err;
  };
  told(scratch.path(), "[not_enrolled", "chưa được ghi danh");
  told("/nowhere/at/all", "[not_found", "Không có thư mục “/nowhere/at/all”");
  const std::filesystem::path file = scratch.path() / "file";
  std::ofstream(file) << "x";
  told(file, "[invalid_argument", "là tệp");
}

TEST(ServerAddress, ReadsUrlsAndFillsInWhatIsMissing) {
  const auto whole = clients::ServerAddress::parse("ws://127.0.0.1:9000/x");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->host, "127.0.0.1");
  EXPECT_EQ(whole->port, "9000");
  EXPECT_EQ(whole->path, "/x");
  const auto bare = clients::ServerAddress::parse("ws://example");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->port, "8470");
  EXPECT_EQ(bare->path, "/s");
  for (const char* wrong : {"", "http://a", "ws://", "ws://a:", "ws://a:b", "a:1"}) {
    EXPECT_FALSE(clients::ServerAddress::parse(wrong)) << wrong;
  }
}

// A made-up birthday would move people between the age bands of table B04.
TEST(AgeBand, IsUnknownWhereTheBirthDateLeavesTwo) {
  using enum events::AgeBand;
  const events::Day day = events::day_of({2025, 12, 31});
  EXPECT_EQ(clients::age_band_on({1990, 3, 12}, day), from_35_to_44);
  EXPECT_EQ(clients::age_band_on({1990, 0, 0}, day), from_35_to_44);
  EXPECT_EQ(clients::age_band_on({1990, 0, 0}, events::day_of({2025, 6, 30})), unknown);
  EXPECT_EQ(clients::age_band_on({2011, 1, 1}, events::day_of({2025, 12, 30})), under_15);
  EXPECT_EQ(clients::age_band_on({1930, 0, 0}, day), from_80);
  EXPECT_EQ(clients::age_band_on({}, day), unknown);
}

// One bad line of a thousand must not keep the other communes out.
TEST(UnitFile, KeepsGoodLinesAndNamesBadOnes) {
  const auto file = clients::read_unit_file(
      "code,name,kind,parent_code,area,valid_from\r\n"
      "11,Tỉnh Điện Biên,province,,,1904-06-28\r\n"
      "03316,\"Xã Nà Tấu, mới\",commune,11,rural,2025-07-01\n"
      "\n"
      "03317,Xã X,town,11,rural,2025-07-01\n"
      "03318,Xa\xCC Y,commune,11,rural,2025-07-01\n"
      "03319,Xã Z,commune,11,rural\n");
  ASSERT_TRUE(file);
  ASSERT_EQ(file->lines.size(), 2U);
  EXPECT_TRUE(file->lines[0].is_from_beginning) << "days of the log begin in 1970";
  EXPECT_EQ(file->lines[1].name, "Xã Nà Tấu, mới");
  EXPECT_FALSE(file->lines[1].is_from_beginning);
  ASSERT_EQ(file->bad.size(), 3U);
  EXPECT_EQ(file->bad[0].number, 5U);
  EXPECT_EQ(file->bad[1].number, 6U);
  EXPECT_EQ(file->bad[2].number, 7U);
  EXPECT_FALSE(clients::read_unit_file("mã,tên\n1,2\n"));
}

// A name typed on another computer was refused, though it looks the same on paper.
TEST(UnitFile, BringsLettersToOneForm) {
  const auto file = clients::read_unit_file(
      "code,name,kind,parent_code,area,valid_from\n"
      "03318,Xa\xCC\x83 Y,commune,11,rural,2025-07-01\n");
  ASSERT_TRUE(file);
  ASSERT_EQ(file->lines.size(), 1U);
  EXPECT_EQ(file->lines.front().name, "Xã Y");
}

// A spreadsheet dropped the zero, and the commune was there twice, as 3316 and as 03316.
TEST(UnitFile, CodesHaveTheDigitsOfTheirLevel) {
  const auto file = clients::read_unit_file(
      "code,name,kind,parent_code,area,valid_from\n"
      "3316,Xã Nà Tấu,commune,11,rural,2025-07-01\n"
      "94,Thành phố Điện Biên Phủ,city_provincial,11,urban,2025-07-01\n"
      "033167,Xã X,commune,11,rural,2025-07-01\n"
      "0331A,Xã Y,commune,11,rural,2025-07-01\n"
      "-bnt,Bản Nà Tấu,hamlet,03316,rural,2025-07-01\n");
  ASSERT_TRUE(file);
  ASSERT_EQ(file->lines.size(), 1U) << "hamlets have no official code";
  ASSERT_EQ(file->bad.size(), 4U);
  EXPECT_NE(file->bad[0].why.find("03316"), std::string::npos) << file->bad[0].why;
  EXPECT_NE(file->bad[1].why.find("094"), std::string::npos) << file->bad[1].why;
}

}  // namespace
}  // namespace clients_test
