using System.Diagnostics;

namespace GenModels.Kernels;

/// <summary>Work in parts that may run at the same time.</summary>
internal interface IParallelWork
{
    /// <summary>Does one of <paramref name="parts"/> parts. It must not throw.</summary>
    void Part(int part, int parts);
}

/// <summary>
/// Threads that share short pieces of work. Between two pieces they watch for the next one for a moment before they sleep, since waking a
/// thread takes longer than most pieces of a training step.
/// </summary>
internal static class ThreadTeam
{
    // Longer than most gaps within a training step, and than it takes to wake a thread.
    private static readonly TimeSpan s_watching = TimeSpan.FromMicroseconds(200);

    private static readonly Lock s_inUse = new();
    private static Member[] s_members = [];

    /// <summary>Runs all parts and returns when they are done. The calling thread does the first; where the team is at work already, all of them.</summary>
    public static void Run<TWork>(TWork work, int parts) where TWork : struct, IParallelWork
    {
        if (parts > 1 && s_inUse.TryEnter())
        {
            try
            {
                RunTogether(work, parts);
            }
            finally
            {
                s_inUse.Exit();
            }
        }
        else
        {
            for (int part = 0; part < parts; part++) work.Part(part, parts);
        }
    }

    private static void RunTogether<TWork>(TWork work, int parts) where TWork : struct, IParallelWork
    {
        while (s_members.Length < parts - 1) s_members = [.. s_members, new Member()];
        Piece<TWork>.Work = work;
        for (int part = 1; part < parts; part++) s_members[part - 1].Begin(Piece<TWork>.Run, part, parts);
        work.Part(0, parts);
        for (int part = 1; part < parts; part++) s_members[part - 1].WaitUntilDone();
        Piece<TWork>.Work = default;
    }

    /// <summary>Where the work of one type waits, so that handing it over allocates nothing.</summary>
    private static class Piece<TWork> where TWork : struct, IParallelWork
    {
        public static readonly Action<int, int> Run = (part, parts) => Work.Part(part, parts);

        public static TWork Work { get; set; }
    }

    private sealed class Member
    {
        private readonly SemaphoreSlim _wake = new(0);
        private Action<int, int>? _work;
        private int _part;
        private int _parts;
        private volatile int _asked;
        private volatile int _done;
        private int _asleep;

        public Member() => new Thread(Live) { IsBackground = true, Name = "GenModels kernels" }.Start();

        public void Begin(Action<int, int> work, int part, int parts)
        {
            (_work, _part, _parts) = (work, part, parts);
            _asked++;
            // The exchange orders the two fields: either this sees the sleeper, or the sleeper sees the new piece.
            if (Interlocked.Exchange(ref _asleep, 0) == 1) _wake.Release();
        }

        public void WaitUntilDone()
        {
            if (Watch(until: true)) return;
            // More threads want to run than there are cores: let the others.
            var wait = new SpinWait();
            while (_done != _asked) wait.SpinOnce();
        }

        private void Live()
        {
            while (true)
            {
                AwaitWork();
                _work?.Invoke(_part, _parts);
                _done = _asked;
            }
        }

        private void AwaitWork()
        {
            if (Watch(until: false)) return;
            Interlocked.Exchange(ref _asleep, 1);
            if (_asked != _done && Interlocked.Exchange(ref _asleep, 0) == 1) return;
            _wake.Wait();
        }

        /// <summary>Whether all work is done, or new work is there, within the time that threads watch.</summary>
        private bool Watch(bool until)
        {
            long start = Stopwatch.GetTimestamp();
            do
            {
                for (int i = 0; i < 20; i++)
                {
                    if (_asked == _done == until) return true;
                    Thread.SpinWait(1);
                }
            } while (Stopwatch.GetElapsedTime(start) < s_watching);
            return false;
        }
    }
}
