#include "server/commit/refused_chains.h"

#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace server::test {
namespace {

namespace fs = std::filesystem;
using events::ErrorCode;

class SetAside : public ::testing::Test {
 protected:
  SetAside() {
    std::string name = (fs::temp_directory_path() / "khuyenhoc-refused-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) root_ = name;
  }
  ~SetAside() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  fs::path file() const { return root_ / "refused.chains"; }

  fs::path root_;
};

// An operator who sees a device do harm has no role in the log, and cannot wait for somebody who
// has.
TEST_F(SetAside, ADeviceIsNotHeardUntilItIsAllowedAgain) {
  FoundedLog founded;
  RefusedChains refused(file(), {});
  founded.pipeline.set_refused(refused);
  ASSERT_TRUE(refused.set(admin_chain, true));
  founded.add_commune("Xã Nà Tấu");
  const events::DeviceBlock block = founded.admin.sign();
  const events::LogHead head = founded.log.head();
  EXPECT_EQ(reason_of(founded.commit(block, founded.admin)), ErrorCode::not_permitted);
  EXPECT_EQ(founded.log.head(), head);
  const auto greeting = founded.pipeline.admit(admin_chain, founded.now);
  ASSERT_FALSE(greeting);
  EXPECT_EQ(greeting.error().code, ErrorCode::not_permitted);

  EXPECT_EQ(*RefusedChains::read(file()), std::set{admin_chain}) << "also after a restart";
  ASSERT_TRUE(refused.set(admin_chain, false));
  EXPECT_TRUE(founded.pipeline.admit(admin_chain, founded.now));
  ack_of(founded.commit(block, founded.admin));
  EXPECT_TRUE(RefusedChains::read(file())->empty());
}

// A list that was edited by hand and cannot be read must not let everybody in again.
TEST_F(SetAside, AListThatCannotBeReadIsAnError) {
  EXPECT_TRUE(RefusedChains::read(file())->empty());
  std::ofstream(file()) << "7\nseven\n";
  std::filesystem::permissions(file(), std::filesystem::perms::owner_read);
  const auto read = RefusedChains::read(file());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::storage_corrupt);
  EXPECT_NE(read.error().message.find("seven"), std::string::npos);
}

}  // namespace
}  // namespace server::test
