#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
# gen.py SEED NOPS PAGES [profile]: seeded random op list. profile: mix (all orders, fill then scatter), low (orders 0-3 only: polluting fallbacks), high (big orders),
# tight (around the watermarks), pollute (fill with one type, punch scattered holes, demand other types: small fallback orders, polluting fallbacks)
import random,sys
seed,n,pages=int(sys.argv[1]),int(sys.argv[2]),int(sys.argv[3]); prof=sys.argv[4] if len(sys.argv)>4 else 'mix'
r=random.Random(seed); live=[]; used=0; nid=0; out=["dump"]
sz={}; pos={}
def add(o,g,c):
    global nid,used; nid+=1; out.append(f"alloc {nid} {o} {g} {c}"); sz[nid]=o; pos[nid]=len(live); live.append(nid); used+=1<<o
def rem(i,c):
    global used; p=pos.pop(i); last=live.pop()
    if last!=i: live[p]=last; pos[last]=p
    used-=1<<sz[i]; out.append(f"free {i} {c}")
W={'mix':[(0,60),(1,8),(2,6),(3,6),(4,4),(5,3),(6,3),(7,2),(8,2),(9,4),(10,1)],'low':[(0,90),(1,4),(2,3),(3,3)],'high':[(0,40),(1,5),(2,5),(3,5),(4,5),(5,5),(6,8),(7,8),(8,8),(9,15),(10,6)]}.get(prof,[(0,1)])
os_=[o for o,_ in W]; ws=[w for _,w in W]
cpu=0; gmix=[('U',20),('M',55),('R',15),('A',8),('P',2)]
if prof=='pollute':
    def fill(g,upto):
        global cpu
        while used<upto and len(out)<n:
            if r.random()<.02: cpu=r.randrange(2)
            add(0,g,cpu)
    fill(r.choice('MMU'),pages*r.uniform(.5,.9)); fill(r.choice('MRU'),pages*.985)
    while len(out)<n:
        if r.random()<.05: cpu=r.randrange(2)
        k=r.randint(50,6000); mode=r.random()
        for _ in range(k):
            if not live: break
            if mode<.6: rem(r.choice(live),cpu)
            else:
                b=r.randrange(len(live)); w=r.choice([2,4,8,16,64])
                for i in live[b:b+w]: rem(i,cpu)
            if used<pages*.85: break
        if r.random()<.5: out.append(f"drain {r.randrange(2)}")
        if r.random()<.5: out.append(f"tick {r.randrange(2)}")
        if r.random()<.3: out.append("unboost")
        g=r.choice('UUURRMMAAP'); om=r.choice([[0],[0],[0],[0,1],[0,1,2,3],[0,2,4],[3,4,5]]); t=pages*r.uniform(.96,1.0); fails=0
        for _ in range(r.randint(50,6000)):
            if used>=t: break
            if r.random()<.02: cpu=r.randrange(2)
            add(r.choice(om),g if r.random()<.97 else r.choice('UMRAP'),cpu)
        if used>pages*1.02:   # the generator cannot know which allocations failed; give some back
            for _ in range(3000): rem(r.choice(live),cpu)
if prof=='tight':   # stay around the watermarks: boost, high-order atomic reserve, failures
    while used<pages*1.0 and len(out)<n:
        if r.random()<.02: cpu=r.randrange(2)
        add(r.choice([0,0,0,0,1,2]),'MMMMMUR'[(used*7//pages)%7],cpu)
    while len(out)<n:
        if r.random()<.1: cpu=r.randrange(2)
        k=r.randint(10,900); w=r.choice([1,1,2,8,32])
        for _ in range(k//w+1):
            if len(live)<100: break
            b=r.randrange(len(live))
            for i in live[b:b+w]: rem(i,cpu)
        if r.random()<.2: out.append(f"drain {r.randrange(2)}")
        if r.random()<.2: out.append(f"tick {r.randrange(2)}")
        if r.random()<.02: out.append("unboost")
        g=r.choice(['A','AP','AU','U','M','R','AMUR']); om=r.choice([[0],[0],[1,2,3],[0,1,2,3,4,5],[4,5,6],[0,9]])
        for _ in range(r.randint(k//2,k)): add(r.choice(om),r.choice(g),cpu)
        while used>pages*1.04: rem(r.choice(live),cpu)
while len(out)<n:
    # phases of random length: change cpu, gfp mix, target fill
    ph=r.randint(200,4000); tgt=r.choice([.3,.6,.8,.9,.97,1.0,1.05])*pages; fb=r.choice([0,0,0,1]); gm=r.choice([gmix,gmix,[('U',90),('M',10)],[('M',95),('A',5)],[('R',70),('U',30)]]); local=r.random()<.3
    for _ in range(ph):
        if r.random()<.05: cpu=r.randrange(2)
        if used<tgt*(0.9+0.1*r.random()) or not live:
            o=r.choices(os_,ws)[0]; g=r.choices([a for a,_ in gm],[b for _,b in gm])[0]
            if o==9 and g=='M' and r.random()<.6: g='T'
            for _k in range(r.choice([1,1,1,8,64]) if o==0 else 1): add(o,g,cpu)
        else:
            if local and len(live)>300:
                b=r.randrange(len(live)-260); 
                for i in live[b:b+r.randrange(1,256)]: rem(i,cpu)
            else:
                for _k in range(r.choice([1,1,4,40])):
                    if live: rem(r.choice(live),cpu)
        if r.random()<.0005: out.append(f"drain {r.randrange(2)}")
        if r.random()<.001: out.append(f"tick {r.randrange(2)}")
        if r.random()<.0005: out.append("unboost")
print("\n".join(out[:n]))
