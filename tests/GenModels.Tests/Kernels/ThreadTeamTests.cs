using GenModels.Kernels;

namespace GenModels.Tests.Kernels;

public sealed class ThreadTeamTests
{
    [Fact]
    public void Every_part_runs_once_whether_the_members_watch_or_sleep()
    {
        foreach (int pause in new[] { 0, 1, 5 })
            for (int i = 0; i < 50; i++)
            {
                int[] runs = new int[3];
                ThreadTeam.Run(new Count(runs), 3);
                runs.Should().Equal(1, 1, 1);
                if (pause > 0) Thread.Sleep(pause);
            }
    }

    [Fact]
    public void Threads_that_ask_at_the_same_time_all_get_their_work_done()
    {
        int[][] runs = [.. Enumerable.Range(0, 8).Select(_ => new int[2])];
        Parallel.ForEach(runs, mine =>
        {
            for (int i = 0; i < 1_000; i++) ThreadTeam.Run(new Count(mine), 2);
        });
        runs.Should().AllSatisfy(mine => mine.Should().Equal(1_000, 1_000));
    }

    private readonly struct Count(int[] runs) : IParallelWork
    {
        public void Part(int part, int parts) => Interlocked.Increment(ref runs[part]);
    }
}
