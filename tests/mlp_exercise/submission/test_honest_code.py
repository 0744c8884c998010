"""Honest code goes through the fence, each thing that learners do in a cell of its own."""

import pytest

from tests.mlp_exercise.submission.attempts import refused
from tests.site_builds import ROOT

HONEST = [
    "for epoch in range(300):\n    with open('log.csv', 'a') as log: log.write('1\\n')",
    "import tempfile\nfor epoch in range(200):\n"
    "    with tempfile.NamedTemporaryFile(dir='.', delete=False) as new: pass\n"
    "    os.replace(new.name, 'best')",
    "import logging\nlogging.basicConfig(filename='all.log', level='INFO')\n"
    "for i in range(300): logging.info(i)",
    "os.makedirs('a/b', exist_ok=True); os.makedirs(os.path.abspath('a/b'), exist_ok=True)\n"
    "pathlib.Path.cwd().joinpath('c/d').mkdir(parents=True, exist_ok=True)\n"
    "shutil.copy2(mlp_reference.__file__, 'a'); shutil.copytree('a', 'e'); shutil.rmtree('e')",
    "shutil.make_archive('all', 'zip', 'a'); shutil.unpack_archive('all.zip', 'again')",
    "import urllib.error, urllib.request\n"
    "try: urllib.request.urlopen('http://127.0.0.1/numbers.csv')\n"
    "except urllib.error.URLError: pass\n"
    "else: raise OSError",
    "assert not os.path.exists('/content/drive') and not os.path.isfile('/etc/passwd')",
    "assert not pathlib.Path('/content/drive').exists() and not glob.glob('/etc/*')",
    "assert os.path.realpath('a') == os.path.join(os.getcwd(), 'a')",
    "import getpass, platform\nplatform.platform(), platform.processor(), platform.node()\n"
    "getpass.getuser(), os.cpu_count(), multiprocessing.cpu_count(), socket.gethostname()",
    "import inspect, json, traceback\nassert inspect.getsource(json.dumps)\n"
    "try: json.loads('{')\n"
    "except ValueError: assert 'raw_decode(' in traceback.format_exc()",
    "import asyncio, concurrent.futures, threading\nasync def nothing(): pass\n"
    "asyncio.run(nothing())\n"
    "with concurrent.futures.ThreadPoolExecutor() as pool: list(pool.map(abs, [1]))",
    "import datetime, locale, time, uuid, zoneinfo\n"
    "datetime.datetime.now().astimezone(); time.localtime(); uuid.uuid1()",
    "import importlib.metadata, importlib.util\n"
    "importlib.metadata.version('numpy'); importlib.util.find_spec('not_there')",
    "np.savetxt('x.csv', np.ones((2, 2))); np.loadtxt('x.csv'); np.savez('x', a=1)\n"
    "np.load('x.npz')['a']; np.memmap('m', mode='w+', shape=9); import numpy.testing",
    "import mlp_reference.manual, mlp_reference.numpy_mlp",
]


def test_honest_code_goes_through() -> None:
    outcomes = refused(HONEST, ROOT, {})
    assert outcomes == dict.fromkeys(HONEST, False)


HONEST_WITH_PYTORCH = [
    # The kernel holds the thread that put up the fence, and those that it starts.
    "assert sys.platform != 'linux' or len(os.listdir('/proc/self/task')) == 1",
    "model = torch.nn.Linear(2, 3); torch.save(model.state_dict(), 'model.pt')\n"
    "model.load_state_dict(torch.load('model.pt')); torch.get_num_threads()",
    "from torch.utils.data import DataLoader\n"
    "loader = DataLoader(range(9), 4, num_workers=2, persistent_workers=True,\n"
    "    prefetch_factor=2)\n"
    "assert [len(batch) for batch in loader] == [4, 4, 1]",
    "model = torch.compile(torch.nn.Linear(2, 3)); model(torch.ones(2)).sum().backward()",
    "try: torch.hub.load_state_dict_from_url('http://127.0.0.1/model.pt')\n"
    "except OSError: pass\n"
    "else: raise OSError",
    "import mlp_reference.torch_mlp",
]


def test_honest_code_with_pytorch_goes_through() -> None:
    pytest.importorskip("torch")
    outcomes = refused(HONEST_WITH_PYTORCH, ROOT, {}, "import torch\n")
    assert outcomes == dict.fromkeys(HONEST_WITH_PYTORCH, False)


def test_a_library_may_be_loaded_late() -> None:
    pytest.importorskip("torch")
    pytest.importorskip("matplotlib")
    late = [
        "import mlp_reference.torch_mlp",
        "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.savefig('x.png')",
    ]
    assert not any(refused(late, ROOT, {}).values())
